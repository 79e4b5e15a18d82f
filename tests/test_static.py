"""What every rendered project is, as text: clean, parseable, typed; and what the template must be.

Python code differs by whole files. Each distinct set of them is found by rendering, and goes once
through the linter, the formatter and the type checker under the project's own settings.
"""

from __future__ import annotations

import itertools
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

from frostline import catalogue
from frostline.questions import BY_KEY
from frostline.rules.examples import SOURCES
from support import PROJECT, ROOT, TEMPLATE, Answers, covering, render, run, text_files, tree

TOOLS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--cache-dir", "../types"])
KITS = tuple(BY_KEY["kits"].choices)
OTHERWISE: tuple[Answers, ...] = (
    {"freeze": "full", "kits": []},
    {"precision": "mixed_float16", "author": "Ada", "description": "Another."},
    {"license": "mit", "ci": "gitlab", "sample_data": False},
    {"license": "bsd-3-clause", "ci": "none", "classes": ["a", "b"]},
    {"license": "none", "outputs": 3},
)


def variations(answers: Answers, counts: Iterable[int]) -> Iterator[Answers]:
    """The choices of so many kits, and the other answers."""
    for count in counts:
        for kits in itertools.combinations(KITS, count):
            yield {**answers, "kits": list(kits)}
    for other in OTHERWISE:
        yield {**answers, **other}


def tasks() -> Iterator[Answers]:
    """Every task with every source that it takes."""
    for task, sources in SOURCES.items():
        for source in sources:
            yield {"task": task, "data": source}


@pytest.mark.usefixtures("compiled_once")
@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({0, 1, len(KITS)}, marks=pytest.mark.medium, id="no kit, one, all"),
        pytest.param({2, len(KITS) - 1}, marks=pytest.mark.slow, id="every two, and all but one"),
    ],
)
def test_each_distinct_set_of_python_files_is_linted_formatted_and_typed(
    counts: Iterable[int],
    tmp_path: Path,
    model: Path,
    record_property: Callable[[str, object], None],
) -> None:
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


@pytest.mark.medium
def test_clean_text(model: Path, tmp_path: Path) -> None:
    for number, answers in enumerate(covering(model)):
        project = render(answers, tmp_path / f"p{number}")
        for path in text_files(project.path):
            name = path.relative_to(project.path).as_posix()
            text = path.read_bytes().decode("utf-8")
            assert problems(text, name) == [], f"{answers}: {name}"


def problems(text: str, name: str) -> list[str]:
    """What shows that a template was not rendered, or not with care."""
    own = re.sub(r"\$\{\{ .*? \}\}", "", text) if name.startswith(".github/") else text
    checks = {
        "is empty": not text and not name.endswith("__init__.py"),
        "has a rest of the template": any(mark in own for mark in ("{{", "{%", "{#")),
        "has a blank at the end of a line": re.search(r"[ \t]$", text, re.MULTILINE),
        "has a carriage return": "\r" in text,
        "does not end with one line end": text and not re.search(r"(?<!\n)\n\Z", text),
        "starts with an empty line": text.startswith("\n"),
        "has two empty lines": "\n\n\n" in text and not name.endswith(".py"),
        "is for one machine": str(Path.home()) in text,
    }
    return [sentence for sentence, holds in checks.items() if holds]


@pytest.mark.medium
def test_toml_yaml_and_metadata(model: Path, tmp_path: Path) -> None:
    for number, answers in enumerate(covering(model)):
        project = render(answers, tmp_path / f"p{number}")
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
        assert len(name) <= 145, name
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
