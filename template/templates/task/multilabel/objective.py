"""What training minimises and watches: any of several labels."""

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
    """Cross-entropy of each label, in which a rare one may count as much as a common one."""
    return cross_entropy(settings, np.array(meaning.shares or [0.5] * len(meaning.names)))


def metrics(meaning: Meaning) -> list[keras.metrics.Metric]:
    return [
        keras.metrics.AUC(
            name="auc_pr", curve="PR", multi_label=True, num_labels=len(meaning.names)
        ),
        keras.metrics.BinaryAccuracy(name="accuracy"),
    ]


def decide(settings: Task, splits: Splits, predict: Callable[[], np.ndarray]) -> Meaning:
    """From which probability on each label holds: the best F1 on the validation images."""
    if settings.threshold == "auto":
        columns = zip(splits.validation.targets.T, predict().T, strict=True)
        chosen = tuple(best_threshold(true, scores) for true, scores in columns)
    else:
        chosen = (settings.threshold,) * len(splits.meaning.names)
    return replace(splits.meaning, thresholds=chosen)


{% include "task/_shared/cross_entropy.py" %}


{% include "task/_shared/best_threshold.py" %}
