"""The task: one number or several for each image, in the units that the data have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .config import Config, ConfigError, Head
from .examples import Item, Meaning
from .heads import pooled
from .looking import Look
from .source_settings import Data
from .targets import target_table
from .task_settings import Task

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "r2"  # the figure to report; higher is better
COUNTED = False  # tally() describes the targets


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the targets, and each item's numbers."""
    return target_table(items, columns, config)


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """What is wrong with files that labels name; these name none."""
    return [""] * len(items)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """Where the training targets lie, and how far they spread."""
    exact = targets.astype("float64")
    offset, scale = exact.mean(axis=0), exact.std(axis=0)
    for name, spread, value in zip(names, scale, offset, strict=True):
        if spread <= 1e-6 * abs(value):
            raise ConfigError(f"{name} is {value:g} for all training images: nothing to learn")
    return Meaning(names, offset=tuple(offset.tolist()), scale=tuple(scale.tolist()))


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Where each target lies, and how far it reaches."""
    figures = {}
    for name, column in zip(meaning.names, targets.T.astype("float64"), strict=True):
        for kind, value in (("least", column.min), ("mean", column.mean), ("most", column.max)):
            figures[f"{kind} {name}"] = float(value()) if len(column) else 0.0
    return figures


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a few words."""
    named = zip(meaning.names, target, strict=True)
    return ", ".join(f"{name} {value:.4g}" for name, value in named)


def read_target(entry: tf.Tensor, settings: Data) -> tf.Tensor:
    """A row of numbers is its own target."""
    return entry


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to numbers, and from these to the units.

    The numbers that are learnt are standard deviations from the mean.
    """
    numbers = keras.layers.Dense(len(meaning.names), dtype="float32", name="head_numbers")
    units = keras.layers.Rescaling(
        list(meaning.scale) or 1.0, list(meaning.offset) or 0.0, dtype="float32", name="head_units"
    )
    return units(numbers(pooled(network.output, settings)))


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


def decide(
    settings: Task, meaning: Meaning, targets: np.ndarray, outputs: Callable[[], np.ndarray]
) -> Meaning:
    """A number is its own answer: there is nothing to choose on the validation images."""
    return meaning


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch."""
    return outputs


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    """R², the mean over the targets: 1 is perfect, and 0 no better than always saying the mean."""
    spread = np.sum((targets - targets.mean(axis=0, dtype="float64")) ** 2, axis=0)
    error = np.sum((targets.astype("float64") - outputs) ** 2, axis=0)
    varied = spread > 0
    return float(np.mean(1 - error[varied] / spread[varied])) if varied.any() else float("nan")


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples.

    ``mae_of_mean`` is the error of always saying the mean of the training targets.
    """
    score = headline(targets, outputs, meaning)
    if not np.isfinite(score):
        raise ConfigError(f"the targets of all {len(targets)} images are the same: R2 is undefined")
    errors = outputs - targets.astype("float64")
    of_mean = np.abs(targets - np.array(meaning.offset)).mean(axis=0)
    figures = {HEADLINE: score}
    for number, name in enumerate(meaning.names):
        figures[f"mae/{name}"] = float(np.abs(errors[:, number]).mean())
        figures[f"mae_of_mean/{name}"] = float(of_mean[number])
        figures[f"rmse/{name}"] = float(np.sqrt(np.mean(errors[:, number] ** 2)))
    return figures


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction, in its units."""
    return {name: float(f"{value:.6g}") for name, value in zip(meaning.names, output, strict=True)}
