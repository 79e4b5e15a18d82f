"""Any of several labels: loss and thresholds, against values made by hand."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Task
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.training import objective

MEANING = Meaning(("sea", "sun"), shares=(0.75, 0.5), thresholds=(0.5, 0.5))
TARGETS = np.array([[1, 1], [1, 0], [0, 0], [1, 1]], "float32")
SCORES = np.array([[0.9, 0.6], [0.4, 0.7], [0.3, 0.2], [0.8, 0.4]], "float32")


def test_the_loss_weighs_and_smooths() -> None:
    chance = np.where(TARGETS > 0, SCORES, 1 - SCORES)
    plain = -np.log(chance)
    assert losses(Task()) == pytest.approx(plain.mean(axis=1), rel=1e-5)
    weights = np.where(TARGETS > 0, [2 / 3, 1], [2, 1])
    balanced = losses(Task(class_weights="balanced"))
    assert balanced == pytest.approx((plain * weights).mean(axis=1), rel=1e-5)
    smooth = -(0.95 * np.log(chance) + 0.05 * np.log(1 - chance)).mean(axis=1)
    assert losses(Task(label_smoothing=0.1)) == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task) -> np.ndarray:
    return keras.ops.convert_to_numpy(objective.loss(settings, MEANING)(TARGETS, SCORES))


def test_each_label_has_its_threshold_from_the_validation_images(splits: Splits) -> None:
    many = replace(splits.validation, targets=np.tile(TARGETS, (100, 1)))
    known = Splits(MEANING, splits.train, many, splits.test)
    found = objective.decide(Task(), known, lambda: np.tile(SCORES, (100, 1)))
    assert found.thresholds == pytest.approx((0.35, 0.3))  # F1: 1 for sea, 0.8 for sun
    fixed = objective.decide(Task(threshold=0.7), known, lambda: SCORES)
    assert fixed.thresholds == (0.7, 0.7)
