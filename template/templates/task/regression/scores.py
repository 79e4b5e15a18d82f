"""How good answers are, and what they say: one number or several."""

import numpy as np

from ..config import ConfigError
from ..examples import Meaning

HEADLINE = "r2"  # the figure to report; higher is better


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
