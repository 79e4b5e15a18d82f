"""Write the files for stock cookiecutter that are derived from the generator; `--check` compares.

The questions and the catalogue go into `template/cookiecutter.json`, the rules and the choices
into the pre-generation hook, and the hooks into `template/hooks`, where cookiecutter looks for
them.
"""

import ast
import json
import pprint
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "generator"))

from frostline import __version__  # noqa: E402
from frostline.answers.context import SETTINGS  # noqa: E402
from frostline.answers.question import Question  # noqa: E402
from frostline.answers.questions import QUESTIONS  # noqa: E402
from frostline.answers.rules.examples import SAMPLE_CLASSES, SOURCES  # noqa: E402
from frostline.backbones import catalogue  # noqa: E402

HOOKS = ("pre_gen_project.py", "post_gen_project.py")
COPIED = (  # each module after those that it imports
    "names",
    "answers/rules/rule",
    "answers/rules/naming",
    "answers/rules/model",
    "answers/rules/examples",
    "answers/rules/freezing",
    "answers/rules/kits",
    "answers/rules/table",
)
BEGIN = "# --- copied by tools/sync.py: names.py, rules and the questions ---\n"
IMPORTS = (ast.Import, ast.ImportFrom)
GUARD = (
    "{{ '' if cookiecutter.project_slug | replace('/', '') | replace('\\\\', '') | trim('.')"
    " == cookiecutter.project_slug else cookiecutter.project_slug_is_not_the_name_of_a_folder }}"
)  # an undefined name stops cookiecutter before it makes a folder, even without hooks
PROBE = (
    "{{ 'yes' if cookiecutter.task != 'segmentation'"
    " and ('report' in cookiecutter.kits or 'compare' in cookiecutter.kits) else '' }}"
)  # whether there is a linear probe; as a file's condition it would make the name too long
END = "# --- end of the copy ---\n"


def backbones() -> dict[str, Any]:
    """The facts about each backbone that the template and the hook need."""
    return {name: _backbone(catalogue.backbone(name)) for name in catalogue.names()}


def _backbone(found: Any) -> dict[str, Any]:
    return {
        "module": found.module,
        "image_size": found.image_size,
        "min_size": found.min_size,
        "weights": found.weights,
        "preprocessing": found.preprocessing,
        "norm_kinds": list(found.norm_kinds),
        "blocks": {block.name: block.first for block in found.blocks},
        "batch_size": found.batch_size,
        "rate_shift": found.rate_shift,
    }


def cookiecutter_json() -> str:
    """The questions for stock cookiecutter, after the private tables that their defaults use."""
    content: dict[str, Any] = {
        "_frostline_version": __version__,
        "_new_lines": "\n",
        "_jinja2_env_vars": SETTINGS,
        "_sample_classes": SAMPLE_CLASSES,
        "_sources": SOURCES,
        "_questions": questions(),
        "_backbones": backbones(),
    }
    content |= {question.key: _default(question) for question in QUESTIONS}
    content |= {"__guard": GUARD, "__probe": PROBE}
    content["__prompts__"] = {question.key: _prompt(question) for question in QUESTIONS}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def questions() -> dict[str, Any]:
    """What the template needs to write any answer down, and to describe the kits."""
    return {
        question.key: {
            "kind": question.kind,
            "choices": question.choices if question.key == "kits" else {},
            "only_with": question.only_with,
        }
        for question in QUESTIONS
    }


def _default(question: Question) -> str | list[str]:
    """A choice as a list that starts with its default; anything else as text."""
    choices = list(catalogue.names()) if question.key == "backbone" else list(question.choices)
    if question.kind == "choice" and question.default in choices:
        return sorted(choices, key=lambda choice: choice != question.default)
    return question.default


def _prompt(question: Question) -> str | dict[str, str]:
    labels = {choice: f"{choice}: {text}" for choice, text in question.choices.items() if text}
    if question.kind == "list":
        return f"{question.prompt}, as a JSON list"
    if isinstance(_default(question), list):
        return {"__prompt__": question.prompt} | labels if labels else question.prompt
    if question.kind == "switch" or question.choices:
        return f"{question.prompt} ({', '.join(question.choices or ('yes', 'no'))})"
    return question.prompt


def hook() -> str:
    """The pre-generation hook, with the current rules and choices between the marks."""
    text = (ROOT / "hooks" / HOOKS[0]).read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    questions = {q.key: (q.kind, list(q.choices), q.only_with) for q in QUESTIONS}
    table = pprint.pformat(questions, width=98, sort_dicts=False)
    copied = f"{_merged(*COPIED)}\nQUESTIONS = {table}\n"
    return f"{before}{BEGIN}{copied}{END}{after}"


def _merged(*modules: str) -> str:
    """Several modules as one: the imports, without those of frostline itself, then the code."""
    imports, bodies = {"import json"}, []
    for name in modules:
        text = (ROOT / f"generator/frostline/{name}.py").read_text(encoding="utf-8")
        found = [node for node in ast.parse(text).body if isinstance(node, IMPORTS)]
        imports |= {ast.unparse(node) for node in found}
        bodies.append("".join(text.splitlines(keepends=True)[found[-1].end_lineno :]).strip("\n"))
    lines = sorted(line for line in imports if "frostline" not in line)
    lines.sort(key=lambda line: "__future__" not in line)
    return "\n\n".join(["\n".join(lines), *bodies]) + "\n"


def copies() -> dict[Path, str]:
    """Every derived file, with its expected content."""
    pre, post = (ROOT / "hooks" / name for name in HOOKS)
    return {
        ROOT / "template" / "cookiecutter.json": cookiecutter_json(),
        pre: hook(),
        ROOT / "template" / "hooks" / pre.name: hook(),
        ROOT / "template" / "hooks" / post.name: post.read_text(encoding="utf-8"),
    }


def main() -> int:
    """Write the files that differ, or with `--check` name them and fail."""
    stale = [path for path, text in copies().items() if not _holds(path, text)]
    for path in stale:
        print(f"{path.relative_to(ROOT).as_posix()} differs from what tools/sync.py writes")
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(copies()[path], encoding="utf-8", newline="\n")
    return 1 if stale and "--check" in sys.argv else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
