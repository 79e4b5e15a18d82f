"""The task: each pixel of an image belongs to one of several classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from . import maskcheck
from .config import Config, Head
from .decoder import decoded
from .examples import Item, Meaning
from .looking import Look
from .masks import NO_CLASS, read_mask
from .source_settings import Data
from .task_settings import Task

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "mean_iou"  # the figure to report; higher is better
COUNTED = True  # tally() counts the images that show each class


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the classes, and the mask of each item."""
    return maskcheck.names(items, config), np.array([item.label[0] for item in items])


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """For each item why its mask cannot be learned from; nothing where it can."""
    return maskcheck.faults(items, looks, config)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training masks tell about the classes."""
    counts = maskcheck.pixels(targets.tolist()).sum(axis=0)[: len(names)]
    return Meaning(names, shares=tuple((counts / max(counts.sum(), 1)).tolist()))


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images show each class."""
    shown = (maskcheck.pixels(targets.tolist()) > 0).sum(axis=0)
    return {name: float(shown[number]) for number, name in enumerate(meaning.names)}


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What a person would write under the image."""
    (counts,) = maskcheck.pixels([str(target)])
    return ", ".join(name for number, name in enumerate(meaning.names) if counts[number])


def read_target(entry: tf.Tensor, settings: Data) -> tf.Tensor:
    """The mask at the size of the image; an image to predict has none."""
    return read_mask(entry, settings) if entry.dtype == tf.string else entry


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to a probability for each class and pixel."""
    last = keras.layers.Conv2D(
        len(meaning.names), 1, activation="softmax", dtype="float32", name="head_probabilities"
    )
    return last(decoded(network, settings))


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy of the pixels, and how little the areas overlap (1 - Dice)."""
    classes = len(meaning.names)
    shares = np.array(meaning.shares or [1 / classes] * classes)
    weights = np.ones(classes)
    if settings.class_weights == "balanced":
        weights = np.where(shares > 0, 1 / (classes * np.maximum(shares, 1e-9)), 0)
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
    return [MeanIoU(count, name=HEADLINE, ignore_class=NO_CLASS, sparse_y_pred=False)]


def decide(
    settings: Task, meaning: Meaning, targets: np.ndarray, outputs: Callable[[], np.ndarray]
) -> Meaning:
    """The most probable class wins: there is nothing to choose on the validation images."""
    return meaning


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch: the class of each pixel."""
    return outputs.argmax(axis=-1).astype("uint8")


def confusion(targets: np.ndarray, outputs: np.ndarray, count: int) -> np.ndarray:
    """Pixels by what they are (rows) and what the model said (columns)."""
    true, said = targets.ravel(), outputs.ravel()
    known = true < count
    pairs = true[known].astype("int64") * count + said[known]
    return np.bincount(pairs, minlength=count**2).reshape(count, count)


def overlaps(table: np.ndarray) -> np.ndarray:
    """The intersection over union of each class; nan where there is nothing to unite."""
    hits = np.diag(table)
    union = table.sum(axis=0) + table.sum(axis=1) - hits
    return np.where(union > 0, hits / np.maximum(union, 1), np.nan)


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    return float(np.nanmean(overlaps(confusion(targets, outputs, len(meaning.names)))))


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    table = confusion(targets, outputs, len(meaning.names))
    found = overlaps(table)
    true = table.sum(axis=1)
    return {
        HEADLINE: float(np.nanmean(found)),
        "majority_class": float(true.max() / true.sum() / np.count_nonzero(true)),
        "pixel_accuracy": float(np.trace(table) / true.sum()),
        **{
            f"iou/{name}": float(value)
            for name, value in zip(meaning.names, found, strict=True)
            if not np.isnan(value)
        },
    }


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words: the share of each class."""
    classes = output.argmax(axis=-1)
    return {
        name: round(float(np.mean(classes == number)), 4)
        for number, name in enumerate(meaning.names)
    }
