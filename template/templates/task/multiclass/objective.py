"""What training minimises and watches: one of several classes."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..config import Task
from ..examples import Meaning, Splits

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy, in which a rare class may count as much as a common one."""
    classes = len(meaning.names)
    shares = np.array(meaning.shares or [1 / classes] * classes)
    weights = np.ones(classes)
    if settings.class_weights == "balanced":
        weights = 1 / (classes * np.maximum(shares, 1e-9))
    table = keras.ops.convert_to_tensor(weights, "float32")

    def cross_entropy(targets: Any, outputs: Any) -> Any:
        numbers = keras.ops.cast(keras.ops.reshape(targets, (-1,)), "int32")
        losses = keras.losses.categorical_crossentropy(
            keras.ops.one_hot(numbers, classes), outputs, label_smoothing=settings.label_smoothing
        )
        return losses * keras.ops.take(table, numbers)

    return cross_entropy


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]


def decide(settings: Task, splits: Splits, predict: Callable[[], np.ndarray]) -> Meaning:
    """The most probable class wins: there is nothing to choose on the validation images."""
    return splits.meaning
