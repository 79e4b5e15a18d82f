"""Predictions: a row for each file, whatever is in it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner, Result
from helpers.finished import finished_run
from helpers.made import MEANING, make_images
from PIL import Image

from {{ cookiecutter.package }} import cli, hooks
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data.check import Look
from {{ cookiecutter.package }}.data.image import read_image
from {{ cookiecutter.package }}.results import predict as results
from {{ cookiecutter.package }}.results import scores
from {{ cookiecutter.package }}.training import devices
from {{ cookiecutter.package }}.training.run import Run


@pytest.fixture(scope="module")
def run(quick: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return finished_run(quick, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def model(run: Run) -> keras.Model:
    """What was saved."""
    return results.load_model(run)[0]


@pytest.fixture
def files(
    run: Run, model: keras.Model, quick: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    """Ten images, in a folder where the commands find the run; its model is loaded once."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(run.folder, "runs/1")
    monkeypatch.setattr(results, "load_model", lambda run: (model, MEANING))
    monkeypatch.setattr(hooks, "load", lambda path, overrides: quick)
    monkeypatch.setattr(devices, "open_devices", lambda settings: None)
    return make_images(Path("new"), 10).files


def predict(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ("predict", *arguments))


def test_a_row_says_what_the_model_says(
    files: tuple[str, ...], model: keras.Model, quick: Config
) -> None:
    rows = list(csv.DictReader(predict(*files).stdout.splitlines()))
    assert [row["file"] for row in rows] == list(files)
    images = [read_image(tf.constant(file), tf.constant(1), quick.data).numpy() for file in files]
    outputs = model.predict_on_batch(np.stack(images))
    for row, output in zip(rows, getattr(scores, "keep", np.asarray)(outputs), strict=True):
        expected = scores.describe(output, MEANING)
        assert {key: row[key] for key in expected} == {k: str(v) for k, v in expected.items()}


def test_a_photo_is_shown_the_right_way_up_and_an_odd_image_on_white(
    files: tuple[str, ...], run: Run, quick: Config
) -> None:
    lying = Image.Exif()
    lying[0x0112] = 6
    with Image.open(files[0]) as image:
        image.save("upright.png")
        image.transpose(Image.Transpose.ROTATE_90).save("lying.png", exif=lying)
        image.convert("RGBA").save("odd.png")
        image.save("odd.webp", lossless=True)
    names = ["upright.png", "lying.png", "odd.png", "odd.webp"]
    rows = list(results.predict(run, quick, names))
    assert [row.pop("file") for row in rows] == names
    assert rows == [rows[0]] * 4


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
    assert sorted(results.find(["new"])) == sorted(results.find(["new/**/*.png"]))
    assert {"new/**/*.png", "new"}.isdisjoint(results.find(["new/**/*.png", "new"]))
    Path("new/[odd] name.png").write_bytes(Path(files[0]).read_bytes())
    assert results.find(["new/[odd] name.png"]) == ["new/[odd] name.png"]
    nothing = predict("nowhere/*.png")
    assert nothing.exit_code == 2
    assert "nowhere/*.png: there is no such image" in nothing.stderr


def test_a_file_of_rows_is_there_whole_or_not_at_all(
    files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there already stays until then."""
    assert predict("new", "--output", "rows.csv").stdout == ""
    assert not Path("rows.csv.new").exists()
    whole = Path("rows.csv").read_text(encoding="utf-8")
    assert len(whole.splitlines()) == 1 + len(results.find(["new"]))

    def rows(*_: object) -> Iterator[dict[str, str]]:
        yield {"file": files[0], "error": ""}
        raise OSError("the disk is full")

    monkeypatch.setattr(results, "predict", rows)
    assert predict("new", "--output", "rows.csv").exit_code == 1
    assert not Path("rows.csv.new").exists()
    assert Path("rows.csv").read_text(encoding="utf-8") == whole


def test_files_are_read_only_a_little_ahead(
    files: tuple[str, ...], run: Run, quick: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    really = results.looks_of

    def looks_of(entries: list[str]) -> Iterator[tuple[str, Look]]:
        asked.extend(entries)
        return really(entries)

    monkeypatch.setattr(results, "AT_ONCE", 3)
    monkeypatch.setattr(results, "looks_of", looks_of)
    rows = results.predict(run, quick, list(files))
    assert next(rows)["file"] == files[0]
    assert asked == list(files[:3])
    assert [row["file"] for row in rows] == list(files[1:])


def test_a_class_may_be_called_as_a_column_is(
    files: tuple[str, ...], model: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    (usual,) = csv.DictReader(predict(files[0]).stdout.splitlines())
    names = ("error", *MEANING.names[1:])
    monkeypatch.setattr(results, "load_model", lambda run: (model, replace(MEANING, names=names)))
    good = predict(files[0])
    assert good.exit_code == 0
    (row,) = csv.DictReader(good.stdout.splitlines())
    assert row["error"] == ""
    said, known = ([*one.values()][1:] for one in (row, usual))
    assert said == [text.replace(MEANING.names[0], "error") for text in known]


def test_a_run_is_chosen_by_its_name(files: tuple[str, ...]) -> None:
    assert predict("--run", "1", files[0]).exit_code == 0
    other = predict("--run", "2", files[0])
    assert other.exit_code == 2
    assert "there is no finished run in runs" in other.stderr
{% include "task/" ~ cookiecutter.task ~ "/tests/predict.py" ignore missing %}
