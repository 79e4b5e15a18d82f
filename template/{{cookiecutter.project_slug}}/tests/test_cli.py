"""The commands, from the first training to a prediction, on a few made images."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner, Result
from made import MEANING, make_images
from small import small_network_of

from {{ cookiecutter.package }} import cli, dataset, stages, task
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data import in_order
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.model import Network

TRACED = ("compile", "train_step", "test_step")


@pytest.fixture(scope="module")
def workplace(
    quick: Config, splits: Splits, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Config]:
    """A folder where the commands find a few images, a small network and a short schedule."""
    short = tuple(stage.model_copy(update={"epochs": 1}) for stage in quick.stage)
    data = quick.data.model_copy(update={"batch_size": 3})
    here = quick.model_copy(update={"stage": short, "data": data})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("work"))
        patch.setattr(dataset, "read", lambda config: splits)
        patch.setattr(cli, "load", lambda path: here)
        patch.setattr(stages, "build", lambda config, meaning: small_network_of(config))
        yield here


@pytest.fixture(scope="module")
def trained(workplace: Config) -> tuple[Result, Counter[str]]:
    """The first training, and how often Keras compiled and traced on the way."""
    counts: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for name in TRACED:
            patch.setattr(keras.Model, name, counted(getattr(keras.Model, name), counts))
        return invoke("train"), counts


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def test_train_evaluate_and_predict(
    workplace: Config, trained: tuple[Result, Counter[str]], tmp_path: Path
) -> None:
    assert "frost line" in trained[0].output
    assert trained[0].exit_code == 0
    assert "is finished" in invoke("train").output

    assert task.HEADLINE in invoke("evaluate").output
    folder = Path("runs") / "1"
    assert task.HEADLINE in json.loads((folder / "metrics.json").read_text())
    assert len((folder / "history.csv").read_text().splitlines()) == 1 + len(workplace.stage)

    images = make_images(tmp_path / "new", 8)
    rows = invoke("predict", *images.files).output.splitlines()
    assert rows[0].startswith("file,")
    assert len(rows) == 9


def test_a_stage_is_compiled_once_and_its_steps_are_traced_once(
    workplace: Config, trained: tuple[Result, Counter[str]]
) -> None:
    """Tracing is most of a short stage's time; a last batch that is smaller must not repeat it."""
    assert trained[1] == dict.fromkeys(TRACED, len(workplace.stage))


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


def test_mistakes_are_sentences(
    workplace: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    early = invoke("evaluate")
    assert early.exit_code == 2
    assert "there is no finished run" in early.output
    assert "Traceback" not in early.output


@pytest.mark.parametrize("number", [2, -1])
def test_a_file_damaged_while_training_goes_on_is_named(
    number: int, workplace: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorFlow's own message says neither which file it was nor what to do."""
    images = make_images(tmp_path / "images", 8)
    file = (images.files + images.masks)[number]

    def fail(*_: object) -> None:
        Path(file).write_bytes(b"")
        raise tf.errors.InvalidArgumentError(None, None, "cannot decode")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dataset, "read", lambda config: replace(splits, train=images))
    monkeypatch.setattr(stages, "train", fail)
    monkeypatch.setattr(cli, "kits", list)
    failed = invoke("train")
    assert failed.exit_code == 2
    assert f"{file} can no longer be read: it is empty" in failed.output


def counted(method: Callable[..., Any], counts: Counter[str]) -> Callable[..., Any]:
    """The method, counting how often Python runs it: inside a traced function, once a trace."""

    def count_and_call(*arguments: Any, **keywords: Any) -> Any:
        counts[method.__name__] += 1
        return method(*arguments, **keywords)

    return count_and_call
