"""The task: each image belongs to one of two classes, and the second is the one to find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from .config import Config, ConfigError, Head
from .examples import Item, Meaning
from .heads import pooled
from .labels import by_class, class_names
from .looking import Look
from .probabilities import agreement, auc, average_precision, best_threshold, cross_entropy
from .source_settings import Data
from .task_settings import Task

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "auc"  # the figure to report; higher is better
COUNTED = True  # tally() counts the images of each class


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the two classes, and 1 for each item of the second."""
    names = class_names(by_class(items), config)
    if len(names) != 2:
        raise ConfigError(
            f"{config.data.path} holds {len(names)} classes, and there must be two of them: "
            f"{', '.join(names)}"
        )
    return names, np.array([[item.label[0] == names[1]] for item in items], dtype="float32")


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """What is wrong with files that labels name; these name none."""
    return [""] * len(items)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the classes."""
    share = float(np.mean(targets))
    return Meaning(names, shares=(1 - share, share))


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images of each class there are."""
    second = int(np.sum(targets))
    return dict(zip(meaning.names, (len(targets) - second, second), strict=True))


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a word."""
    return meaning.names[int(target[0])]


def read_target(entry: tf.Tensor, settings: Data) -> tf.Tensor:
    """Yes or no is its own target."""
    return entry


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to the probability of the second class."""
    last = keras.layers.Dense(1, activation="sigmoid", dtype="float32", name="head_probability")
    return last(pooled(network.output, settings))


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy, in which the rare class may count as much as the common one."""
    return cross_entropy(settings, np.array(meaning.shares[1:] or (0.5,)))


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [
        keras.metrics.AUC(name=HEADLINE),
        keras.metrics.Precision(name="precision"),
        keras.metrics.Recall(name="recall"),
    ]


def decide(
    settings: Task, meaning: Meaning, targets: np.ndarray, outputs: Callable[[], np.ndarray]
) -> Meaning:
    """From which probability on an image is of the second class: the best F1 on validation."""
    if settings.threshold == "auto":
        threshold = best_threshold(targets[:, 0], outputs()[:, 0])
    else:
        threshold = settings.threshold
    return replace(meaning, thresholds=(threshold,))


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch."""
    return outputs


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    return auc(targets[:, 0], outputs[:, 0])


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    true, scores = targets[:, 0], outputs[:, 0]
    share = float(np.mean(true))
    if share in (0.0, 1.0):
        raise ConfigError(
            f"all {len(true)} images are of the class {meaning.names[int(share)]}: "
            "how well the model tells two apart takes images of both"
        )
    answers = scores >= _threshold(meaning)
    return {
        HEADLINE: headline(targets, outputs, meaning),
        "average_precision": average_precision(true, scores),
        "accuracy": float(np.mean(answers == (true > 0))),
        "majority_class": max(share, 1 - share),
        **agreement(true, answers),
        "threshold": _threshold(meaning),
    }


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words."""
    score = float(output[0])
    said = meaning.names[int(score >= _threshold(meaning))]
    return {"class": said, f"probability/{meaning.names[1]}": round(score, 4)}


def _threshold(meaning: Meaning) -> float:
    return meaning.thresholds[0] if meaning.thresholds else 0.5
