"""The task: each image belongs to exactly one of several classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .config import Config, Head
from .examples import Item, Meaning
from .heads import pooled
from .labels import by_class, class_names
from .looking import Look
from .source_settings import Data
from .task_settings import Task

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "accuracy"  # the figure to report; higher is better
COUNTED = True  # tally() counts the images of each class
TOP = 5


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the classes, and each item's class by its number."""
    names = class_names(by_class(items), config)
    numbers = {name: number for number, name in enumerate(names)}
    return names, np.array([numbers[item.label[0]] for item in items], dtype="int32")


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """What is wrong with files that labels name; these name none."""
    return [""] * len(items)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the classes."""
    counts = np.bincount(targets, minlength=len(names))
    return Meaning(names, shares=tuple((counts / counts.sum()).tolist()))


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images of each class there are."""
    counts = np.bincount(targets, minlength=len(meaning.names))
    return dict(zip(meaning.names, counts.tolist(), strict=True))


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a word."""
    return meaning.names[int(target)]


def read_target(entry: tf.Tensor, settings: Data) -> tf.Tensor:
    """The number of a class is its own target."""
    return entry


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to a probability for each class."""
    last = keras.layers.Dense(
        len(meaning.names), activation="softmax", dtype="float32", name="head_probabilities"
    )
    return last(pooled(network.output, settings))


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
    return [keras.metrics.SparseCategoricalAccuracy(name=HEADLINE)]


def decide(
    settings: Task, meaning: Meaning, targets: np.ndarray, outputs: Callable[[], np.ndarray]
) -> Meaning:
    """The most probable class wins: there is nothing to choose on the validation images."""
    return meaning


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch."""
    return outputs


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    return float(np.mean(outputs.argmax(axis=1) == targets))


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    guesses = outputs.argmax(axis=1)
    count = len(meaning.names)
    hits = np.bincount(targets[guesses == targets], minlength=count)
    true, said = np.bincount(targets, minlength=count), np.bincount(guesses, minlength=count)
    present = true > 0
    f1 = 2 * hits / np.maximum(true + said, 1)
    recall = {
        f"recall/{name}": float(hits[number] / true[number])
        for number, name in enumerate(meaning.names)
        if present[number]
    }
    figures = {
        HEADLINE: headline(targets, outputs, meaning),
        "majority_class": float(true.max() / len(targets)),
        "macro_f1": float(f1[present].mean()),
    }
    if count > TOP:
        best = np.argsort(-outputs, axis=1)[:, :TOP]
        figures[f"top_{TOP}_accuracy"] = float(np.mean((best == targets[:, None]).any(axis=1)))
    return {**figures, **recall}


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words."""
    best = int(output.argmax())
    return {"class": meaning.names[best], "probability": round(float(output[best]), 4)}
