"""docs/extending.md, done as it says in a copy of the repository: a kit, a task, a question."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from frostline.answers.questions import BY_KEY
from recipes import recipes
from support import ROOT, Project, copied_checkout, needs_tensorflow, run

PAGE = dict(recipes((ROOT / "docs/extending.md").read_text(encoding="utf-8")))
TASKS = Path("template/templates/task")
SAMPLE = (
    "{{% if cookiecutter.sample_data == 'yes' and cookiecutter.task == '{}' %}}"
    "sample.zip{{% endif %}}"
)
QUICK = ("--set", "stage.head.epochs=1")


def toy(name: str, where: Path) -> Path:
    """A copy of the repository with the toy added and its copies for cookiecutter written."""
    checkout = copied_checkout(where / "frostline")
    shutil.copytree(ROOT / "tools", checkout / "tools")
    PAGE[name].apply(checkout)
    if name == "task":
        shutil.copytree(checkout / TASKS / "multiclass", checkout / TASKS / "ordinal")
        data = checkout / "template/{{cookiecutter.project_slug}}/data"
        shutil.copy(data / SAMPLE.format("multiclass"), data / SAMPLE.format("ordinal"))
    run([sys.executable, "tools/sync.py"], checkout)
    run([sys.executable, "tools/sync.py", "--check"], checkout, check=True)
    return checkout


def made(checkout: Path, *flags: str) -> Project:
    """A project of that checkout."""
    project = Project(checkout.parent / "demo")
    command = [sys.executable, "-m", "frostline", "new", project.path, "--no-input"]
    path = str(checkout / "generator")
    run([*command, "--freeze", "head", *flags], checkout.parent, check=True, PYTHONPATH=path)
    return project


def linted(project: Project) -> None:
    for tool in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        run([sys.executable, "-m", *tool], project.path, check=True)


def python(project: Project, *arguments: str) -> str:
    variables = {"PYTHONPATH": "src", "TF_CPP_MIN_LOG_LEVEL": "2"}
    return run([sys.executable, *arguments], project.path, check=True, **variables).stdout


@pytest.mark.medium
@needs_tensorflow
def test_a_kit_is_a_folder_and_two_lines(tmp_path: Path) -> None:
    changed = [file for how, file, _ in PAGE["kit"].blocks if how == "In"]
    assert PAGE["kit"].promise.startswith(f"A folder and {len(changed)} lines;")
    project = made(toy("kit", tmp_path), "--kits", "timing")
    linted(project)
    assert "    timing/          how long each stage of a run took\n" in project.read("README.md")
    assert project.recorded["kits"] == ["timing"]
    python(project, "-m", "demo", "train", *QUICK)
    assert python(project, "-m", "demo", "timing").startswith("head ")


@pytest.mark.slow
@needs_tensorflow
def test_a_task_is_a_folder_a_row_a_sample_and_a_line_of_the_readme(tmp_path: Path) -> None:
    assert PAGE["task"].cost == "2 files, 2 lines"
    project = made(toy("task", tmp_path), "--task", "ordinal", "--kits", "report,check-data")
    linted(project)
    python(project, "-m", "demo", "train", *QUICK)
    python(project, "-m", "demo", "evaluate")
    assert 0 < json.loads(project.read("runs/1/metrics.json"))["accuracy"] <= 1


def test_a_question_is_one_entry(tmp_path: Path) -> None:
    """And is asked, recorded and described as the others are."""
    checkout = toy("question", tmp_path)
    project = made(checkout, "--kits", "none", "--seed", "3")
    assert project.config["training"]["seed"] == project.recorded["seed"] == 3
    template = json.loads((checkout / "template/cookiecutter.json").read_text(encoding="utf-8"))
    assert template["seed"] == "7"


def test_the_page_says_what_a_task_is_made_of() -> None:
    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    for file in (ROOT / TASKS / "multiclass").rglob("*.*"):
        assert f"`{file.name}`" in text, file


@pytest.mark.parametrize("kind", ["kits", "task"])
def test_the_readme_has_a_row_for_each(kind: str) -> None:
    choices = BY_KEY[kind].choices
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [choice for choice in choices if f"\n| `{choice}` " not in text] == []
