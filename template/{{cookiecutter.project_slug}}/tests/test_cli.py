"""The commands, from the first training to a prediction, on a few made images."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner, Result
from conftest import small_network_of
from made import MEANING, make_images

from {{ cookiecutter.package }} import cli, dataset, stages, task
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data import in_order
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.model import Network


@pytest.fixture
def workplace(
    quick: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Config:
    """A folder where the commands find a few images, a small network and a short schedule."""
    monkeypatch.chdir(tmp_path)
    short = tuple(stage.model_copy(update={"epochs": 1}) for stage in quick.stage)
    here = quick.model_copy(update={"stage": short})
    monkeypatch.setattr(dataset, "read", lambda config: splits)
    monkeypatch.setattr(cli, "load", lambda path: here)
    monkeypatch.setattr(stages, "build", lambda config, meaning: small_network_of(config))
    return here


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def test_train_evaluate_and_predict(workplace: Config, tmp_path: Path) -> None:
    trained = invoke("train")
    assert "frost line" in trained.output
    assert trained.exit_code == 0
    assert "is finished" in invoke("train").output

    assert task.HEADLINE in invoke("evaluate").output
    folder = tmp_path / "runs" / "1"
    assert task.HEADLINE in json.loads((folder / "metrics.json").read_text())
    assert len((folder / "history.csv").read_text().splitlines()) == 1 + len(workplace.stage)

    images = make_images(tmp_path / "new", 8)
    rows = invoke("predict", *images.files).output.splitlines()
    assert rows[0].startswith("file,")
    assert len(rows) == 9


def test_the_saved_model_says_what_the_trained_one_said(
    network: Network, config: Config, splits: Splits, tmp_path: Path
) -> None:
    """Preprocessing is part of the file, so serving sees what training saw."""
    run = Run(tmp_path)
    run.save_model(network.model, MEANING)
    served = keras.models.load_model(run.model)
    images, _ = next(iter(in_order(splits.test, config.data)))
    assert np.array_equal(served(images), network.model(images))
    assert Meaning.load(tmp_path / "meaning.json").names == MEANING.names


def test_mistakes_are_sentences(workplace: Config) -> None:
    early = invoke("evaluate")
    assert early.exit_code == 2
    assert "there is no finished run" in early.output
    assert "Traceback" not in early.output
