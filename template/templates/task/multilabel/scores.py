"""How good answers are, and what they say: any of several labels."""

import numpy as np

from ..config import ConfigError
from ..examples import Meaning
from ..training.objective import cuts

HEADLINE = "mean_average_precision"  # the figure to report; higher is better


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


{% include "task/_shared/average_precision.py" %}
