"""Predictions: a row for each file, whatever is in it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner, Result
from finished import finished_run
from made import MEANING, make_images

from {{ cookiecutter.package }} import cli, evaluation, prediction, recorder, task
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.images import read_image


@pytest.fixture(scope="module")
def run(quick: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return finished_run(quick, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def model(run: Run) -> keras.Model:
    """What was saved."""
    return evaluation.load(run)[0]


@pytest.fixture
def files(
    run: Run, model: keras.Model, quick: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    """Ten images, in a folder where the commands find the run; its model is loaded once."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(run.folder, "runs/1")
    monkeypatch.setattr(evaluation, "load", lambda run: (model, MEANING))
    monkeypatch.setattr(cli, "load", lambda path: quick)
    return make_images(Path("new"), 10).files


def predict(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ("predict", *arguments))


def test_a_row_says_what_the_model_says(
    files: tuple[str, ...], model: keras.Model, quick: Config
) -> None:
    rows = list(csv.DictReader(predict(*files).stdout.splitlines()))
    assert [row["file"] for row in rows] == list(files)
    settings = quick.data
    images = [read_image(file, settings).numpy() for file in files]
    for row, output in zip(rows, model.predict_on_batch(np.stack(images)), strict=True):
        expected = task.describe(output, MEANING)
        assert {key: row[key] for key in expected} == {k: str(v) for k, v in expected.items()}


def test_an_unreadable_file_has_a_row_and_stops_nothing(files: tuple[str, ...]) -> None:
    Path("broken.png").write_bytes(Path(files[0]).read_bytes()[:60])
    Path("text.jpg").write_text("no image")
    result = predict("broken.png", files[0], "text.jpg", files[1])
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [bool(row["error"]) for row in rows] == [True, False, True, False]
    assert result.exit_code == 1
    assert "2 of 4 files could not be read" in result.stderr
    lines = predict("text.jpg", files[0], "--format", "json").stdout.splitlines()
    assert json.loads(lines[0]) == {"file": "text.jpg", "error": rows[2]["error"]}
    assert json.loads(lines[1]).keys() == rows[1].keys() - {"error"}
    assert predict("text.jpg").exit_code == 1


def test_folders_and_patterns_name_files(files: tuple[str, ...]) -> None:
    assert sorted(prediction.find(["new"])) == sorted(prediction.find(["new/**/*.png"]))
    assert {"new/**/*.png", "new"}.isdisjoint(prediction.find(["new/**/*.png", "new"]))
    Path("new/[odd] name.png").write_bytes(Path(files[0]).read_bytes())
    assert prediction.find(["new/[odd] name.png"]) == ["new/[odd] name.png"]
    nothing = predict("nowhere/*.png")
    assert nothing.exit_code == 2
    assert "nowhere/*.png: there is no such image" in nothing.stderr


def test_a_file_of_rows_is_there_whole_or_not_at_all(
    files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert predict("new", "--output", "rows.csv").stdout == ""
    whole = Path("rows.csv").read_text(encoding="utf-8")
    assert len(whole.splitlines()) == 1 + len(prediction.find(["new"]))
    seen: list[str] = []

    def fail(self: recorder.Recorder, file: str, *rest: object) -> recorder.Row:
        seen.append(file)
        if len(seen) > 5:
            raise OSError("the disk is full")
        return {}

    monkeypatch.setattr(recorder.Recorder, "row", fail)
    assert predict("new", "--output", "rows.csv").exit_code == 1
    assert Path("rows.csv").read_text(encoding="utf-8") == whole
    assert not Path("rows.csv.new").exists()


def test_files_are_read_only_a_little_ahead(
    files: tuple[str, ...], model: keras.Model, quick: Config
) -> None:
    asked: list[str] = []

    def endless() -> Iterator[str]:
        while True:
            asked.append(files[0])
            yield files[0]

    rows = prediction.predict(model, MEANING, quick.data, endless(), recorder.Recorder())
    assert next(rows)["file"] == files[0]
    assert len(asked) <= 3 * quick.data.batch_size + 1
