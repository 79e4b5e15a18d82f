"""One of several classes: the loss, against values worked out by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config, Task
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.training import objective

MEANING = Meaning(("ant", "bee", "cat"), shares=(0.25, 0.25, 0.5))
TARGETS = np.array([2, 0])
OUTPUTS = np.array([[0.2, 0.2, 0.6], [0.5, 0.25, 0.25]], "float32")


def test_the_loss_weighs_and_smooths() -> None:
    plain = np.array([-np.log(0.6), -np.log(0.5)])
    assert losses(Task()) == pytest.approx(plain, rel=1e-5)
    balanced = losses(Task(class_weights="balanced"))
    assert balanced == pytest.approx(plain * [2 / 3, 4 / 3], rel=1e-5)
    smooth = -(0.9 * np.log(0.6) + 0.1 * np.log([0.2, 0.2, 0.6]).mean())
    assert losses(Task(label_smoothing=0.1))[0] == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task) -> np.ndarray:
    return keras.ops.convert_to_numpy(objective.loss(settings, MEANING)(TARGETS, OUTPUTS))


def test_the_metric_is_how_often_the_most_probable_class_is_right() -> None:
    accuracy = objective.metrics(MEANING)[0]
    accuracy.update_state(np.array([2, 1]), OUTPUTS)
    assert float(accuracy.result()) == 0.5


def test_there_is_nothing_to_choose_on_the_validation_images(
    config: Config, splits: Splits
) -> None:
    def never() -> np.ndarray:
        raise AssertionError

    assert objective.decide(config.task, splits, never) == splits.meaning
