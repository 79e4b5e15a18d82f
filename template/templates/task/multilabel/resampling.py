"""The headline figure for many draws from the test examples at once: mean average precision."""

from collections.abc import Callable

import numpy as np

from ...examples import Meaning


def resampled(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> Callable[[np.ndarray], np.ndarray]:
    """From how often each draw holds each example to the figure of each draw; NaN without a yes."""
    columns = [_ranked(targets[:, k], outputs[:, k]) for k in np.flatnonzero(targets.any(axis=0))]

    def mean(draws: np.ndarray) -> np.ndarray:
        total, count = np.zeros(len(draws)), np.zeros(len(draws))
        for column in columns:
            found = column(draws)
            total += np.nan_to_num(found)
            count += np.isfinite(found)
        return np.divide(total, count, out=np.full(len(draws), np.nan), where=count > 0)

    return mean


def _ranked(targets: np.ndarray, scores: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """The average precision of one label; its examples are sorted only once."""
    order = np.argsort(-scores, kind="stable")
    scores, yes = scores[order], targets[order] > 0
    starts = np.flatnonzero(np.append(True, np.diff(scores) != 0))

    def average_precision(draws: np.ndarray) -> np.ndarray:
        draws = draws[:, order]
        new = np.add.reduceat(draws * yes, starts, axis=1)
        said = np.cumsum(np.add.reduceat(draws, starts, axis=1), axis=1)
        hits = np.cumsum(new, axis=1)
        found = (new * hits / np.maximum(said, 1)).sum(axis=1)
        return np.divide(found, hits[:, -1], out=np.full(len(found), np.nan), where=hits[:, -1] > 0)

    return average_precision
