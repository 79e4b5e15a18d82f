"""The headline figure for many draws from the test examples at once: mean IoU."""

from collections.abc import Callable

import numpy as np

from ...examples import Meaning
from ...results.scores import confusion


def resampled(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> Callable[[np.ndarray], np.ndarray]:
    """From how often each draw holds each example to the figure of each draw."""
    pairs = zip(targets, outputs, strict=True)
    tables = np.array([confusion(*pair, len(meaning.names)) for pair in pairs], "float64")
    hits = np.diagonal(tables, axis1=1, axis2=2)
    unions = tables.sum(axis=1) + tables.sum(axis=2) - hits  # in pixels; they add up over images

    def mean_iou(draws: np.ndarray) -> np.ndarray:
        draws = draws.astype("float64")
        both, either = draws @ hits, draws @ unions
        found = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
        count = (either > 0).sum(axis=1)
        return np.divide(found.sum(axis=1), count, out=np.full(len(draws), np.nan), where=count > 0)

    return mean_iou
