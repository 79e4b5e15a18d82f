"""Numbers: the loss, against values made by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Task
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.training import objective

MEANING = Meaning(("width", "angle"), offset=(2.0, 100.0), scale=(1.0, 50.0))
TARGETS = np.array([[1, 100], [3, 200]], "float32")
OUTPUTS = np.array([[2, 100], [3, 150]], "float32")


def test_the_loss_counts_standard_deviations() -> None:
    assert losses(Task()) == pytest.approx([(1 + 0) / 2, (0 + 1) / 2])
    assert losses(Task(loss="mae"), 3 * OUTPUTS - 2 * TARGETS) == pytest.approx([1.5, 1.5])
    assert losses(Task(loss="huber"), 3 * OUTPUTS - 2 * TARGETS) == pytest.approx([1.25, 1.25])


def losses(settings: Task, outputs: np.ndarray = OUTPUTS) -> np.ndarray:
    return keras.ops.convert_to_numpy(objective.loss(settings, MEANING)(TARGETS, outputs))


def test_there_is_nothing_to_choose_on_the_validation_images(splits: Splits) -> None:
    assert objective.decide(Task(), splits, lambda: OUTPUTS) == splits.meaning
