"""The task: any of several labels may hold for an image, also none or all of them."""

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
from .label_table import label_table
from .looking import Look
from .probabilities import agreement, average_precision, best_threshold, cross_entropy
from .source_settings import Data
from .task_settings import Task

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "mean_average_precision"  # the figure to report; higher is better
COUNTED = True  # tally() counts the images with each label


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the labels, and for each item a 1 where one holds."""
    return label_table(items, columns, config)


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """What is wrong with files that labels name; these name none."""
    return [""] * len(items)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the labels."""
    return Meaning(names, shares=tuple(targets.mean(axis=0).tolist()))


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images with each label there are."""
    return dict(zip(meaning.names, targets.sum(axis=0).tolist(), strict=True))


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a few words."""
    held = [name for name, holds in zip(meaning.names, target, strict=True) if holds]
    return ", ".join(held) or "none"


def read_target(entry: tf.Tensor, settings: Data) -> tf.Tensor:
    """A row of yes and no is its own target."""
    return entry


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to a probability for each label."""
    last = keras.layers.Dense(
        len(meaning.names), activation="sigmoid", dtype="float32", name="head_probabilities"
    )
    return last(pooled(network.output, settings))


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy of each label, in which a rare one may count as much as a common one."""
    return cross_entropy(settings, np.array(meaning.shares or [0.5] * len(meaning.names)))


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [
        keras.metrics.AUC(
            name="auc_pr", curve="PR", multi_label=True, num_labels=len(meaning.names)
        ),
        keras.metrics.BinaryAccuracy(name="accuracy"),
    ]


def decide(
    settings: Task, meaning: Meaning, targets: np.ndarray, outputs: Callable[[], np.ndarray]
) -> Meaning:
    """From which probability on each label holds: the best F1 on the validation images."""
    if settings.threshold == "auto":
        columns = zip(targets.T, outputs().T, strict=True)
        chosen = tuple(best_threshold(true, scores) for true, scores in columns)
    else:
        chosen = (settings.threshold,) * len(meaning.names)
    return replace(meaning, thresholds=chosen)


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch."""
    return outputs


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    """The mean of the average precision over the labels that some image has."""
    found = [average_precision(targets[:, k], outputs[:, k]) for k in _present(targets)]
    return float(np.mean(found)) if found else float("nan")


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples.

    ``label_shares`` is what the headline would be for a model that knows nothing.
    """
    present = _present(targets)
    if not present:
        raise ConfigError(f"none of {len(targets)} images has a label: there is nothing to find")
    answers = outputs >= np.array(meaning.thresholds or 0.5)
    by_label = {k: agreement(targets[:, k], answers[:, k]) for k in present}
    return {
        HEADLINE: headline(targets, outputs, meaning),
        "label_shares": float(np.mean(targets[:, present])),
        "micro_f1": agreement(targets, answers)["f1"],
        "macro_f1": float(np.mean([figures["f1"] for figures in by_label.values()])),
        "all_labels_right": float(np.mean((answers == (targets > 0)).all(axis=1))),
        **{f"f1/{meaning.names[k]}": figures["f1"] for k, figures in by_label.items()},
    }


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words."""
    holds = output >= np.array(meaning.thresholds or 0.5)
    named = zip(meaning.names, output, strict=True)
    return {
        "labels": ";".join(name for name, yes in zip(meaning.names, holds, strict=True) if yes),
        **{f"probability/{name}": round(float(score), 4) for name, score in named},
    }


def _present(targets: np.ndarray) -> list[int]:
    """The labels that at least one image has."""
    return np.flatnonzero(targets.any(axis=0)).tolist()
