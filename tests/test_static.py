"""What every rendered project is, as text: clean, parseable, typed; and what the template must be.

Python code differs by whole files. Each file goes through the linter, the formatter and the type
checker in any project that has it; later each distinct set of them does, found by rendering.
"""

from __future__ import annotations

import ast
import functools
import itertools
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from frostline.answers.rules.kits import NEEDED_BY_KIT
from frostline.backbones import catalogue
from support import (
    PROJECT,
    ROOT,
    TEMPLATE,
    Answers,
    Project,
    render,
    run,
    text_files,
    tree,
)

TOOLS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--cache-dir", "../types"])
KITS = tuple(BY_KEY["kits"].choices)
OTHERWISE: tuple[Answers, ...] = (
    {"freeze": "full", "kits": []},
    {"precision": "mixed_float16", "author": "Ada", "description": "Another."},
    {"license": "mit", "ci": "gitlab", "sample_data": False},
    {"license": "bsd-3-clause", "ci": "none", "classes": ["a", "b"]},
    {"license": "none", "outputs": 3},
)
FEW = 2  # a backbone's own files; those of a task or a source are more
READ = """
import importlib, sys
from pathlib import Path

for folder in map(Path, sys.argv[1:]):
    sys.path.insert(0, str(folder / "src"))
    importlib.import_module(f"{folder.name}.config").load(folder / "config.toml")
"""


def test_each_python_file_is_linted_formatted_and_typed(covered: list[Project]) -> None:
    """In one project that has it: what a file means to others, the sets of files show."""
    pytest.importorskip("pydantic", reason="types need the project's own dependencies")
    settings = ["--config-file", covered[0].path / "pyproject.toml", "--cache-dir", os.devnull]
    for tool in (
        ["ruff", "check", "--no-cache"],
        ["ruff", "format", "--no-cache", "--check"],
        ["mypy", *settings, *sources(covered)],
    ):
        run([sys.executable, "-m", *tool], covered[0].path.parent, check=True)


def sources(projects: list[Project]) -> Iterator[Path]:
    """All the source there is, in few projects: the type checker reads each of them anew.

    Where a project has few files that the others lack, it is not worth reading as a whole.
    """
    code: dict[Path, dict[tuple[str, str], Path]] = {}
    for package in (project.path / "src" / project.path.name for project in projects):
        code[package] = {}
        for path in sorted(package.rglob("*.py")):
            text = path.read_text(encoding="utf-8").replace(package.name, "")
            code[package][path.relative_to(package).as_posix(), text] = path
    while news := code[most := max(code, key=lambda package: len(code[package]))]:
        yield from news.values() if len(news) <= FEW else [most]
        for package, files in code.items():
            code[package] = {key: path for key, path in files.items() if key not in news}


def test_each_config_is_read_by_its_own_project(covered: list[Project], tmp_path: Path) -> None:
    pytest.importorskip("pydantic", reason="the project's own dependency")
    run([sys.executable, "-c", READ, *(project.path for project in covered)], tmp_path, check=True)


def variations(answers: Answers, counts: Iterable[int]) -> Iterator[Answers]:
    """The choices of so many kits that have what they need, and the other answers."""
    for count in counts:
        for kits in itertools.combinations(KITS, count):
            if all(NEEDED_BY_KIT.get(kit, kit) in kits for kit in kits):
                yield {**answers, "kits": list(kits)}
    for other in OTHERWISE:
        yield {**answers, **other}


def tasks() -> Iterator[Answers]:
    """Every task with every source that it takes."""
    for task, sources in SOURCES.items():
        for source in sources:
            yield {"task": task, "data": source}


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({0, 1, len(KITS)}, marks=pytest.mark.medium, id="no kit, one, all"),
        pytest.param({len(KITS) - 1}, marks=pytest.mark.slow, id="all but one"),
    ],
)
def test_each_distinct_set_of_python_files_is_linted_formatted_and_typed(
    counts: Iterable[int],
    tmp_path: Path,
    model: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Every two kits meet in the array of all pairs of answers, which looks at their imports."""
    pytest.importorskip("pydantic", reason="types need the project's own dependencies")
    seen: set[str] = set()

    def look_at(answers: Answers) -> bool:
        """Check the project if its code is new."""
        project = render({"package": "demo", **answers}, tmp_path / "project")
        code = repr(sorted((k, v) for k, v in tree(project.path).items() if k.endswith(".py")))
        is_new = code not in seen
        for tool in TOOLS if is_new else ():
            run([sys.executable, "-m", *tool], project.path, check=True)
        seen.add(code)
        shutil.rmtree(project.path)
        return is_new

    for name in catalogue.names():
        answers = {"backbone": name, **({"weights": str(model)} if name == "custom" else {})}
        if look_at(answers):
            for variation in variations(answers, counts):
                look_at(variation)
    for answers in tasks():
        for kits in ([], list(KITS)):
            look_at({**answers, "kits": kits})
    record_property("figures", f"{len(seen)} distinct sets of Python files linted and typed")
    assert len(seen) > len(KITS)


def test_clean_text(covered: list[Project]) -> None:
    for project in covered:
        for path in text_files(project.path):
            name = path.relative_to(project.path).as_posix()
            text = path.read_bytes().decode("utf-8")
            assert problems(text, name) == [], path


def problems(text: str, name: str) -> list[str]:
    """What shows that a template was not rendered, or not with care."""
    own = re.sub(r"\$\{\{ .*? \}\}", "", text) if name.startswith(".github/") else text
    prose = re.sub(r"(?ms)^```.*?^```$", "code", text)  # Python has two empty lines here and there
    checks = {
        "is empty": not text and not name.endswith("__init__.py"),
        "has a rest of the template": any(mark in own for mark in ("{{", "{%", "{#")),
        "has a blank at the end of a line": re.search(r"[ \t]$", text, re.MULTILINE),
        "has a carriage return": "\r" in text,
        "does not end with one line end": text and not re.search(r"(?<!\n)\n\Z", text),
        "starts with an empty line": text.startswith("\n"),
        "has two empty lines": "\n\n\n" in prose and not name.endswith(".py"),
        "is for one machine": str(Path.home()) in text,
    }
    return [sentence for sentence, holds in checks.items() if holds]


def lacking(project: Project) -> list[str]:
    """What a project imports of itself and does not have: a file is there for one kit or two."""
    source = project.path / "src"
    files = {path.relative_to(source).with_suffix("").parts: path for path in source.rglob("*.py")}
    (package,) = {parts[0] for parts in files}
    missing = []
    for path in project.path.rglob("*.py"):
        folder = path.relative_to(source).parts[:-1] if path.is_relative_to(source) else ()
        for module, name in imported(path.read_text(encoding="utf-8"), folder):
            known = {module, (*module, name), (*module, name, "__init__")}
            if module[:1] != (package,) or known & files.keys():
                continue
            start = files.get((*module, "__init__"))
            if start is None or name not in start.read_text(encoding="utf-8"):
                missing.append(f"{path.relative_to(project.path)}: {'.'.join(module)}, {name}")
    return missing


@functools.cache
def imported(code: str, folder: tuple[str, ...]) -> set[tuple[tuple[str, ...], str]]:
    """Each module that is imported from by such code in this package, and the name."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            found |= {(module, alias.name) for alias in node.names}
    return found


def test_toml_yaml_and_metadata(covered: list[Project]) -> None:
    for project in covered:
        for path in text_files(project.path):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".toml":
                tomllib.loads(text)
            if path.suffix in (".yml", ".yaml"):
                assert all(isinstance(part, dict) for part in yaml.safe_load_all(text))
        metadata = ProjectMetadata(str(project.path), PluginManager())
        metadata.validate_fields()
        assert metadata.core.name == project.path.name


def test_workflow_asks_for_no_rights_and_pins_its_actions(tmp_path: Path) -> None:
    project = render({"ci": "github"}, tmp_path / "demo")
    for path in (project.path / ".github/workflows/ci.yml", ROOT / ".github/workflows/ci.yml"):
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {"contents": "read"}
        uses = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
        assert uses
        for action in uses:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_no_branches_in_python() -> None:
    for folder in (PROJECT, TEMPLATE / "templates"):
        for path in folder.rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"{%-?\s*(?!\s|include\b)", text), path
            assert not re.search(r"{{[^}]*\bif\b", text), path


def test_names_work_on_every_system() -> None:
    names = [path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*")]
    for name in names:
        assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[ .](/|$)', name), name
        assert len(name) <= 170, name  # of 259 in Windows; the rest is where frostline is
    assert len({name.casefold() for name in names}) == len(names)
    assert not [path for path in TEMPLATE.rglob("*") if path.is_symlink()]


def test_folders_have_no_conditions() -> None:
    """Cookiecutter writes what is in a folder without a name to the root of the file system."""
    for path in PROJECT.rglob("*"):
        assert path.is_file() or "{%" not in path.name, path


def test_nothing_differs_from_client_to_client_or_from_day_to_day() -> None:
    volatile = r"cookiecutter\._(template|repo_dir|output_dir|checkout)|{% ?now|uuid4|random_ascii"
    for path in text_files(TEMPLATE):
        assert not re.search(volatile, path.read_text(encoding="utf-8")), path


def test_hooks_are_copies() -> None:
    assert tree(ROOT / "hooks").keys() == tree(TEMPLATE / "hooks").keys()
    for name in tree(ROOT / "hooks"):
        assert (ROOT / "hooks" / name).read_bytes() == (TEMPLATE / "hooks" / name).read_bytes()


def test_what_is_derived_is_in_step(tmp_path: Path) -> None:
    run([sys.executable, ROOT / "tools/sync.py", "--check"], tmp_path, check=True)
