"""What training minimises and watches: one class or the other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from ..config import Task
from ..examples import Meaning, Splits

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
RARE = 1e-3  # what is rarer weighs no more than this


def loss(settings: Task, meaning: Meaning) -> Callable[[Any, Any], Any]:
    """Cross-entropy, in which the rare class may count as much as the common one."""
    return cross_entropy(settings, np.array(meaning.shares[1:] or (0.5,)))


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [
        keras.metrics.AUC(name="auc"),
        keras.metrics.Precision(name="precision"),
        keras.metrics.Recall(name="recall"),
    ]


def decide(settings: Task, splits: Splits, predict: Callable[[], np.ndarray]) -> Meaning:
    """From which probability on an image is of the second class: the best F1 on validation."""
    if settings.threshold == "auto":
        threshold = best_threshold(splits.validation.targets[:, 0], predict()[:, 0])
    else:
        threshold = settings.threshold
    return replace(splits.meaning, thresholds=(threshold,))


{% include "task/_shared/cross_entropy.py" %}


{% include "task/_shared/best_threshold.py" %}
