"""What training minimises and watches: one number or several."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..config import Task
from ..examples import Meaning, Splits

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """The error in standard deviations, so that no target counts more for its units."""
    kinds = {"mse": keras.losses.mean_squared_error, "mae": keras.losses.mean_absolute_error}
    kind = kinds.get(settings.loss, keras.losses.huber)
    scale = keras.ops.convert_to_tensor(np.array(meaning.scale or 1.0), "float32")

    def error(targets: Any, outputs: Any) -> Any:
        difference = (outputs - keras.ops.cast(targets, "float32")) / scale
        return kind(keras.ops.zeros_like(difference), difference)

    return error


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [keras.metrics.MeanAbsoluteError(name="mae")]


def decide(settings: Task, splits: Splits, predict: Callable[[], np.ndarray]) -> Meaning:
    """A number is its own answer: there is nothing to choose on the validation images."""
    return splits.meaning
