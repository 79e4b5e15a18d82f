"""How good answers are, and what they say: one class or the other."""

import numpy as np

from ..config import ConfigError
from ..examples import Meaning
from ..training.objective import cuts

HEADLINE = "auc"  # the figure to report; higher is better


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


{% include "task/_shared/auc.py" %}


{% include "task/_shared/average_precision.py" %}
