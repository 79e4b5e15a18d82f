"""Projects pass their own tests: three ordinary ones, and an array with every pair of answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forked import own_tests
from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from pairs import Row, answers_of, rows
from support import OWN_MODEL, STRATEGIES, Answers, needs_tensorflow, posix, render, run, strategy

pytestmark = [needs_tensorflow, posix]
Record = Callable[[str, object], None]
WHOLE = ("tests",)
OF_THE_ANSWERS = (
    "tests/test_config.py",
    "tests/data/test_targets.py",
    "tests/freezing",
    "tests/kits/filters",
    "tests/model",
    "tests/results/test_scores.py",
    "tests/training/test_objective.py",
    "tests/training/test_schedule.py",
)
ORDINARY: tuple[Answers, ...] = (
    {"freeze": "staged"},
    {"freeze": "norm", "batch_norm": "train", "task": "binary", "data": "csv", "kits": ["export"]},
    {
        **strategy("filters"),
        "batch_norm": "adapt",
        "task": "segmentation",
        "kits": ["cache", "filters"],
    },
)
PARAMETERS = {
    "freeze": list(STRATEGIES),
    "task": list(SOURCES),
    "data": list(BY_KEY["data"].choices),
    "backbone": ["tiny", "custom", "VGG16", "EfficientNetV2B0", "MobileNetV3Small"],
    "kits": [None, "all", []],
    "batch_norm": [None, *BY_KEY["batch_norm"].choices],
    "precision": list(BY_KEY["precision"].choices),
    "unfreeze_blocks": [None, 2],
    "names": [None, "classes", "outputs"],
}


def array() -> Iterator[tuple[Row, tuple[str, ...]]]:
    """The rows, each with the tests to run: all of them, if it brings code that no other had.

    The rest run those that look at what the answers make of config.toml.
    """
    seen: set[tuple[str, ...]] = set()
    for row in rows(PARAMETERS):
        task, kits = row["task"], str(row["kits"])
        brings = {("source", task, row["data"]), ("backbone", row["backbone"]), ("kits", kits)}
        if kits == "all":
            brings.add(("all kits", task))
        yield row, OF_THE_ANSWERS if brings <= seen else WHOLE
        seen |= brings


def ids_of(row: Row) -> str:
    """The answers that are no defaults."""
    return "-".join(str(row[key]) for key in PARAMETERS if row[key])


ARRAY = [pytest.param(row, files, id=ids_of(row)) for row, files in array()]


@pytest.fixture(scope="session")
def own_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one's own, with weights."""
    file = tmp_path_factory.mktemp("own") / "own.keras"
    run([sys.executable, "-c", OWN_MODEL, file], file.parent, check=True)
    return file


@pytest.mark.medium
@pytest.mark.parametrize("answers", ORDINARY, ids=lambda answers: answers["freeze"])
def test_an_ordinary_project_passes_its_own_tests(answers: Answers, tmp_path: Path) -> None:
    passes(answers, tmp_path, WHOLE)


@pytest.mark.slow
@pytest.mark.parametrize(("row", "files"), ARRAY)
def test_a_project_of_the_array_passes_its_own_tests(
    row: Row, files: tuple[str, ...], own_model: Path, tmp_path: Path, record_property: Record
) -> None:
    """Every pair of these answers that the rules allow is in one of the projects."""
    answers = dict(answers_of(row))
    if row["backbone"] == "custom":
        answers |= {"weights": str(own_model), "image_size": 32}
    passes(answers, tmp_path, files)
    record_property("ran", "all their tests" if files == WHOLE else "the tests of their answers")


def passes(answers: Answers, folder: Path, files: tuple[str, ...]) -> None:
    project = render(answers, folder / "demo")
    code, said = own_tests(project.path, [file for file in files if project.has(file)])
    assert code == 0, said[-5000:]
