"""The commands, from the first training to a prediction, on a few made images."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner, Result
from conftest import CLASSES, make_images, small_network_of

from {{ cookiecutter.package }} import cli, evaluation, stages
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data import in_order


@pytest.fixture
def workplace(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A folder with images, where the commands find a small network and a short schedule."""
    monkeypatch.chdir(tmp_path)
    for split in ("train", "validation", "test"):
        make_images(tmp_path / "images" / split, 8)
    data = config.data.model_copy(update={"path": tmp_path / "images"})
    short = tuple(
        stage.model_copy(update={"epochs": 1}) for stage in (config.stage[0], config.stage[-1])
    )
    here = config.model_copy(update={"data": data, "stage": short[: len(config.stage)]})
    monkeypatch.setattr(cli, "load", lambda path: here)
    monkeypatch.setattr(stages, "build", lambda config, outputs: small_network_of(config))
    return here


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def test_train_evaluate_and_predict(workplace: Config, tmp_path: Path) -> None:
    trained = run("train")
    assert "frost line" in trained.output
    assert trained.exit_code == 0
    assert "is finished" in run("train").output

    assert "accuracy" in run("evaluate").output
    folder = tmp_path / "runs" / "1"
    assert 0 <= json.loads((folder / "metrics.json").read_text())["accuracy"] <= 1
    assert len((folder / "history.csv").read_text().splitlines()) == 1 + len(workplace.stage)

    shutil.copytree(tmp_path / "images" / "test", tmp_path / "new")
    rows = run("predict", "new").output.splitlines()
    assert rows[0] == "file,class,probability"
    assert len(rows) == 9


def test_the_saved_model_says_what_the_trained_one_said(workplace: Config, tmp_path: Path) -> None:
    """Preprocessing is part of the file, so serving sees what training saw."""
    folder = tmp_path / "runs" / "1"
    folder.mkdir(parents=True)
    images = make_images(tmp_path / "test", 8)
    splits = evaluation.source.read(workplace)
    trained = stages.train(workplace, splits, Run(folder))
    served = keras.models.load_model(folder / "model.keras")
    batches = in_order(images, workplace.data)
    expected = trained.predict(batches, verbose=0)
    assert np.array_equal(served.predict(batches, verbose=0), expected)
    assert tuple(json.loads((folder / "classes.json").read_text())) == CLASSES


def test_mistakes_are_sentences(workplace: Config) -> None:
    early = run("evaluate")
    assert early.exit_code == 2
    assert "there is no finished run" in early.output
    assert "Traceback" not in early.output
