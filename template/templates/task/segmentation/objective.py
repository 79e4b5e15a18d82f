"""What training minimises and watches: a class for each pixel."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..config import Task
from ..data.masks import NO_CLASS
from ..examples import Meaning, Splits

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy of the pixels, and how little the areas overlap (1 - Dice).

    Balanced by the square root: a class may be a thousand times as rare as another, and weighted in
    full, the few pixels of it cost the common ones more than it gained.
    """
    classes = len(meaning.names)
    shares = np.array(meaning.shares or [1 / classes] * classes)
    weights = np.ones(classes)
    if settings.class_weights == "balanced":
        weights = np.where(shares > 0, 1 / np.sqrt(np.maximum(shares, 1e-9)), 0)
        weights /= np.sum(shares * weights)
    table = keras.ops.convert_to_tensor(weights, "float32")

    def cross_entropy_and_dice(targets: Any, outputs: Any) -> Any:
        numbers = keras.ops.cast(targets[..., 0], "int32")
        known = keras.ops.cast(numbers < classes, "float32")
        wanted = keras.ops.one_hot(numbers, classes) * known[..., None]
        losses = keras.losses.categorical_crossentropy(wanted, outputs)
        losses *= keras.ops.sum(wanted * table, axis=-1)
        entropy = keras.ops.sum(losses, axis=(1, 2)) / (keras.ops.sum(known, axis=(1, 2)) + 1)
        both = keras.ops.sum(wanted * outputs, axis=(1, 2))
        either = keras.ops.sum(wanted + outputs * known[..., None], axis=(1, 2))
        dice = keras.ops.mean((2 * both + 1) / (either + 1), axis=-1)
        return entropy + settings.dice * (1 - dice)

    return cross_entropy_and_dice


class MeanIoU(keras.metrics.MeanIoU):
    """Keras' own, to which any number that is no class's is to be ignored."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        numbers = keras.ops.cast(y_true[..., 0], "int32")
        numbers = keras.ops.where(numbers < self.num_classes, numbers, NO_CLASS)
        return super().update_state(numbers, y_pred, sample_weight)


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    count = len(meaning.names)
    return [MeanIoU(count, name="mean_iou", ignore_class=NO_CLASS, sparse_y_pred=False)]


def decide(settings: Task, splits: Splits, predict: Callable[[], np.ndarray]) -> Meaning:
    """The most probable class wins: there is nothing to choose on the validation images."""
    return splits.meaning
