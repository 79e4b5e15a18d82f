"""A class for each pixel: loss and figures, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from made import MEANING, SIZE, make_images
from PIL import Image

from {{ cookiecutter.package }} import task
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.kept import pixels_key
from {{ cookiecutter.package }}.masks import NO_CLASS


def test_pixels_of_no_class_are_neither_learned_nor_judged(config: Config) -> None:
    random = np.random.default_rng(0)
    targets = random.integers(0, 2, (2, SIZE, SIZE, 1)).astype("uint8")
    targets[:, :3] = NO_CLASS
    one, other = random.dirichlet([1, 1], (2, 2, SIZE, SIZE)).astype("float32")
    other[:, 3:] = one[:, 3:]
    loss = task.loss(config.task, MEANING)
    losses = [loss(tf.constant(targets), tf.constant(outputs)).numpy() for outputs in (one, other)]
    assert np.array_equal(*losses)
    figures = [task.summarise(targets, task.keep(outputs), MEANING) for outputs in (one, other)]
    assert figures[0] == figures[1]
    meter = task.metrics(MEANING)[0]
    meter.update_state(targets, other)
    assert float(meter.result()) == pytest.approx(figures[0][task.HEADLINE], abs=1e-6)


def test_figures_are_what_they_are_called() -> None:
    targets = np.array([[[[0], [0], [0], [1]]]], "uint8")
    figures = task.summarise(targets, np.array([[[0, 0, 1, 1]]], "uint8"), MEANING)
    assert figures["iou/ground"] == pytest.approx(2 / 3)
    assert figures["iou/square"] == pytest.approx(1 / 2)
    assert figures[task.HEADLINE] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert figures["pixel_accuracy"] == pytest.approx(3 / 4)
    assert figures["majority_class"] == pytest.approx(3 / 4 / 2)  # all ground: 3/4 and 0


def test_the_loss_asks_for_every_pixel_and_for_overlap(config: Config) -> None:
    targets = np.zeros((1, SIZE, SIZE, 1), "uint8")
    targets[:, 4:8, 4:8] = 1
    truth = np.concatenate([1 - targets, targets], axis=3).astype("float32")
    ground = np.zeros_like(truth) + np.array([1, 0], "float32")

    def loss_of(outputs: np.ndarray, **changes: object) -> float:
        loss = task.loss(config.task.model_copy(update=changes), MEANING)
        return float(loss(tf.constant(targets), tf.constant(outputs))[0])

    assert loss_of(truth) < 1e-3
    assert loss_of(ground, dice=1.0) == pytest.approx(loss_of(ground, dice=0.0) + 0.49, abs=0.02)
    rare = loss_of(ground, class_weights="balanced", dice=0.0)
    assert rare > 2 * loss_of(ground, class_weights="none", dice=0.0)


def test_images_are_counted_by_the_classes_they_show(tmp_path: Path) -> None:
    targets = make_images(tmp_path, 3).targets
    Image.new("L", (SIZE, SIZE)).save(targets[1])
    assert task.tally(targets, MEANING) == {"ground": 3, "square": 2}
    captions = [task.caption(target, MEANING) for target in targets]
    assert captions == ["ground, square", "ground", "ground, square"]
    assert task.learn(MEANING.names, targets).shares == pytest.approx((1 - 24 / 256, 24 / 256))


def test_kept_pixels_are_those_of_the_masks_as_they_are(tmp_path: Path, config: Config) -> None:
    examples = make_images(tmp_path, 3)
    known = pixels_key(examples, config.data)
    Image.new("L", (SIZE, SIZE)).save(examples.masks[1])
    assert pixels_key(examples, config.data) != known


def test_a_prediction_is_the_share_of_each_class() -> None:
    output = np.array([[[0.9, 0.1], [0.2, 0.8]], [[0.6, 0.4], [0.7, 0.3]]])
    assert task.describe(output, MEANING) == {"ground": 0.75, "square": 0.25}
