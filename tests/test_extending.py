"""The recipes of a project's EXTENDING.md, taken from the page and done as it says."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from frostline.answers.rules.examples import SOURCES
from support import Answers, Project, covering, needs_tensorflow, render, run

RECIPES = ("metric", "data source", "backbone", "head", "callback")
FILE = re.compile(r"^(In|All of) `([^`]+)`[^\n]*:\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL)
WRITE_LINES = """
import json
from pathlib import Path

from demo.config import load
from demo.data.source import find

config = load(Path("config.toml"))
columns, items = find(config)
with open("data/examples.jsonl", "w", encoding="utf-8") as file:
    for item in items:
        label = dict(zip(columns, item.label))
        row = {"image": item.file, "label": label, "split": item.split}
        for table in (row, label):
            for key in table.keys() & {"image", "mask"}:
                table[key] = Path(table[key]).relative_to("data").as_posix()
        print(json.dumps(row), file=file)
"""
RUN = """
import json
import sys
from pathlib import Path

import keras

from demo.cli import main
from demo.config import load

epochs = [f"stage.{stage.name}.epochs=1" for stage in load(Path("config.toml")).stage]
options = [part for epoch in epochs for part in ("--set", epoch)]
for command in ("train", "evaluate"):
    main([command, *options], standalone_mode=False)
layers = keras.saving.load_model("runs/1/model.keras").layers
Path("layers.json").write_text(json.dumps([layer.name for layer in layers]))
"""


@dataclass(frozen=True)
class Recipe:
    """What to do to which files; a block that is no diff is all of its file."""

    promise: str  # such as "2 files, 5 lines"
    blocks: tuple[tuple[str, str, str], ...]

    @property
    def cost(self) -> str:
        added = 0
        for how, _, text in self.blocks:
            news = [line for line in text.splitlines() if how == "All of" or line[:1] == "+"]
            added += sum(bool(line.strip("+ ")) for line in news)
        files = len({file for _, file, _ in self.blocks})
        return f"{files} file{'s'[: files != 1]}, {added} line{'s'[: added != 1]}"

    def apply(self, project: Project) -> None:
        for how, name, text in self.blocks:
            file = project.path / name
            if how == "In":
                before = file.read_text(encoding="utf-8")
                for hunk in text.split("@@\n"):
                    before = changed(before, hunk.splitlines(keepends=True))
                text = before
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def changed(text: str, hunk: list[str]) -> str:
    """Lines are found by what the hunk shows of them, in one place only."""
    old, new = ("".join(line[1:] for line in hunk if line[0] in signs) for signs in (" -", " +"))
    assert f"\n{text}".count(f"\n{old}") == 1, f"the page shows what is not there:\n{old}"
    return f"\n{text}".replace(f"\n{old}", f"\n{new}", 1)[1:]


def recipes(project: Project) -> dict[str, Recipe]:
    """Each recipe by its name; one that needs no code has no blocks."""
    found = {}
    for section in project.read("EXTENDING.md").split("\n## ")[1:]:
        promise = re.search(r"^\*(.+?)\.\*", section, re.MULTILINE)
        blocks = tuple(match.groups() for match in FILE.finditer(section))
        assert section.count("```") == 2 * len(blocks), f"a block without its file:\n{section}"
        name = section.partition("\n")[0].removeprefix("A ")
        found[name] = Recipe(promise[1] if promise else "", blocks)
    assert tuple(found) == RECIPES
    return found


def distinct(model: Path) -> Iterator[Answers]:
    """Every task with every source, and what else covers the template; kits do not matter."""
    for answers in covering(model):
        yield {"freeze": "top", **answers, "kits": []}


def test_recipes_are_as_short_as_they_say_and_clean(model: Path, tmp_path: Path) -> None:
    """The linter and the formatter; the place that each changes is there, and there once."""
    for number, answers in enumerate(distinct(model)):
        project = render({"package": "demo", **answers}, tmp_path / f"p{number}")
        for name, recipe in recipes(project).items():
            assert recipe.promise == (recipe.cost if recipe.blocks else ""), name
            recipe.apply(project)
    for tool in (["check"], ["format", "--check"]):
        run([sys.executable, "-m", "ruff", *tool, "--no-cache", "."], tmp_path, check=True)


def python(project: Project, *arguments: str) -> None:
    path = {"PYTHONPATH": "src", "TF_CPP_MIN_LOG_LEVEL": "2"}
    run([sys.executable, *arguments], project.path, check=True, **path)


def prepare(name: str, project: Project) -> None:
    if name == "data source":
        python(project, "-c", WRITE_LINES)


def tasks() -> Iterator[object]:
    """The first task is enough before each commit."""
    for number, task in enumerate(SOURCES):
        yield pytest.param(task, marks=pytest.mark.slow if number else pytest.mark.medium)


@needs_tensorflow
@pytest.mark.parametrize("task", tasks())
def test_all_recipes_together_train(task: str, tmp_path: Path) -> None:
    """And each of them shows in what comes of it."""
    project = render(
        {"package": "demo", "freeze": "top", "task": task, "kits": []}, tmp_path / "demo"
    )
    found = recipes(project)
    for name, recipe in found.items():
        prepare(name, project)
        recipe.apply(project)
    run([sys.executable, "-m", "mypy"], project.path, check=True)
    python(project, "-c", RUN)
    history = project.read("runs/1/history.csv").splitlines()
    shown = re.findall(r'\+.*name="(\w+)"', project.read("EXTENDING.md").partition("## A data")[0])
    assert f"val_{shown[-1]}" in history[0]
    metrics = json.loads(project.read("runs/1/metrics.json"))
    (figure,) = re.findall(r'\+.*"(\w+)": float', project.read("EXTENDING.md"))
    assert figure in metrics
    assert {"block1_conv", "head_norm"} <= {*json.loads(project.read("layers.json"))}
    lines = project.read("runs/1/epochs.jsonl").splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2]
    assert len(history) == 1 + len(lines)


@needs_tensorflow
@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_the_projects_own_tests_pass_after_each_recipe(name: str, tmp_path: Path) -> None:
    """Those of the rooms that it changes; those of the changed files are the owner's to adapt."""
    project = render({"package": "demo", "freeze": "top", "kits": []}, tmp_path / "demo")
    recipe = recipes(project)[name]
    prepare(name, project)
    recipe.apply(project)
    tests = ["tests/test_config.py", "tests/test_hooks.py"]
    tests += {"backbone": ["--ignore=tests/model/test_tiny.py"]}.get(name, [])
    for file in {file for _, file, _ in recipe.blocks if file.endswith(".py")}:
        room, _, module = file.removeprefix("src/demo/").rpartition("/")
        if (project.path / "tests" / room).is_dir():
            tests += [f"tests/{room}", f"--ignore=tests/{room}/test_{module}"]
        else:
            tests.append("tests/training/test_schedule.py")  # a kit's callbacks act there
    python(project, "-m", "pytest", "-x", "-n", "2", "-p", "no:cacheprovider", *tests)
