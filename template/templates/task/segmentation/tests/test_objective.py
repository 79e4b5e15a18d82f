"""A class for each pixel: the loss, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from helpers.made import MEANING, SIZE

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data.masks import NO_CLASS
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.results import scores
from {{ cookiecutter.package }}.training import objective


def test_pixels_of_no_class_are_neither_learned_nor_judged(config: Config) -> None:
    random = np.random.default_rng(0)
    targets = random.integers(0, 2, (2, SIZE, SIZE, 1)).astype("uint8")
    targets[:, :3] = NO_CLASS
    one, other = random.dirichlet([1, 1], (2, 2, SIZE, SIZE)).astype("float32")
    other[:, 3:] = one[:, 3:]
    loss = objective.loss(config.task, MEANING)
    losses = [loss(tf.constant(targets), tf.constant(outputs)).numpy() for outputs in (one, other)]
    assert np.array_equal(*losses)
    figures = [scores.summarise(targets, scores.keep(outputs), MEANING) for outputs in (one, other)]
    assert figures[0] == figures[1]
    meter = objective.metrics(MEANING)[0]
    meter.update_state(targets, other)
    assert float(meter.result()) == pytest.approx(figures[0][scores.HEADLINE], abs=1e-6)


def test_the_loss_asks_for_every_pixel_and_for_overlap(config: Config) -> None:
    targets = np.zeros((1, SIZE, SIZE, 1), "uint8")
    targets[:, 4:8, 4:8] = 1
    truth = np.concatenate([1 - targets, targets], axis=3).astype("float32")
    ground = np.zeros_like(truth) + np.array([1, 0], "float32")

    def loss_of(outputs: np.ndarray, **changes: object) -> float:
        loss = objective.loss(config.task.model_copy(update=changes), MEANING)
        return float(loss(tf.constant(targets), tf.constant(outputs))[0])

    assert loss_of(truth) < 1e-3
    assert loss_of(ground, dice=1.0) == pytest.approx(loss_of(ground, dice=0.0) + 0.49, abs=0.02)
    rare = loss_of(ground, class_weights="balanced", dice=0.0)
    common, few = np.sqrt(MEANING.shares)
    weight = 1 / few / (common + few)  # of a pixel of the rare class; 1 on average of all pixels
    plain = loss_of(ground, class_weights="none", dice=0.0)
    assert rare == pytest.approx(weight * plain, rel=1e-4)


def test_there_is_nothing_to_choose_on_the_validation_images(
    config: Config, splits: Splits
) -> None:
    def never() -> np.ndarray:
        raise AssertionError

    assert objective.decide(config.task, splits, never) == splits.meaning
