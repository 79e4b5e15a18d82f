"""The recipes of a project's EXTENDING.md, taken from the page and done as it says."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from frostline.answers.rules.examples import SOURCES
from recipes import Recipe, recipes
from support import Answers, Project, needs_tensorflow, render, run

RECIPES = ("metric", "data source", "backbone", "head", "callback")
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


def of(project: Project) -> dict[str, Recipe]:
    found = dict(recipes(project.read("EXTENDING.md")))
    assert tuple(found) == RECIPES
    return found


def distinct(model: Path) -> Iterator[Answers]:
    """Every task with every source, and kinds of backbones; kits do not matter."""
    yield from ({"task": task, "data": data} for task in SOURCES for data in SOURCES[task])
    yield from ({"backbone": name} for name in ("ResNet50", "EfficientNetB0", "NASNetMobile"))
    yield from ({"backbone": "custom", "weights": str(model), "head": h} for h in ("new", "keep"))


def test_recipes_are_as_short_as_they_say_and_clean(model: Path, tmp_path: Path) -> None:
    """The linter and the formatter; the place that each changes is there, and there once."""
    for number, answers in enumerate(distinct(model)):
        project = render({"package": "demo", "kits": [], **answers}, tmp_path / f"p{number}")
        for name, recipe in of(project).items():
            assert recipe.promise == (recipe.cost if recipe.blocks else ""), name
            recipe.apply(project.path)
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
    found = of(project)
    for name, recipe in found.items():
        prepare(name, project)
        recipe.apply(project.path)
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
    recipe = of(project)[name]
    prepare(name, project)
    recipe.apply(project.path)
    tests = ["tests/test_config.py", "tests/test_hooks.py"]
    tests += {"backbone": ["--ignore=tests/model/test_tiny.py"]}.get(name, [])
    for file in {file for _, file, _ in recipe.blocks if file.endswith(".py")}:
        room, _, module = file.removeprefix("src/demo/").rpartition("/")
        if (project.path / "tests" / room).is_dir():
            tests += [f"tests/{room}", f"--ignore=tests/{room}/test_{module}"]
        else:
            tests.append("tests/training/test_schedule.py")  # a kit's callbacks act there
    python(project, "-m", "pytest", "-x", "-n", "2", "-p", "no:cacheprovider", *tests)
