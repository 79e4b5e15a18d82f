"""One class or the other: loss and threshold, against values made by hand."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Task
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.training import objective

MEANING = Meaning(("no", "yes"), shares=(0.75, 0.25), thresholds=(0.5,))
TARGETS = np.array([[0], [0], [1], [1]], "float32")
SCORES = np.array([[0.1], [0.4], [0.35], [0.8]], "float32")


def test_the_loss_weighs_and_smooths() -> None:
    plain = np.array([-np.log(0.9), -np.log(0.6), -np.log(0.35), -np.log(0.8)])
    assert losses(Task()) == pytest.approx(plain, rel=1e-5)
    balanced = losses(Task(class_weights="balanced"))
    assert balanced == pytest.approx(plain * [2 / 3, 2 / 3, 2, 2], rel=1e-5)
    smooth = -(0.95 * np.log(0.8) + 0.05 * np.log(0.2))
    assert losses(Task(label_smoothing=0.1))[3] == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task) -> np.ndarray:
    return keras.ops.convert_to_numpy(objective.loss(settings, MEANING)(TARGETS, SCORES))


def test_the_threshold_has_the_best_f1_on_the_validation_images(splits: Splits) -> None:
    """As far as these are enough to tell it from 0.5."""
    many, few = (np.tile(TARGETS, (times, 1)) for times in (100, 1))
    known = Splits(MEANING, splits.train, replace(splits.validation, targets=many), splits.test)
    found = objective.decide(Task(), known, lambda: np.tile(SCORES, (100, 1)))
    # F1 is 0.8 there; above 0.4 it is 2/3.
    assert found == replace(MEANING, thresholds=pytest.approx(((0.35 + 0.1) / 2,)))
    wanted = Task(threshold=0.7)
    assert objective.decide(wanted, known, lambda: SCORES).thresholds == (0.7,)
    assert objective.best_threshold(few[:, 0], SCORES[:, 0]) == 0.5
    assert objective.best_threshold(np.zeros(4), SCORES[:, 0]) == 0.5
