"""The headline figure for many draws from the test examples at once: area under the ROC curve."""

from collections.abc import Callable

import numpy as np

from ...examples import Meaning


def resampled(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> Callable[[np.ndarray], np.ndarray]:
    """From how often each draw holds each example to the AUC of each draw; NaN without both."""
    order = np.argsort(outputs[:, 0], kind="stable")
    scores, yes = outputs[order, 0], targets[order, 0] > 0
    starts = np.flatnonzero(np.append(True, np.diff(scores) != 0))  # of equal scores, the first

    def auc(draws: np.ndarray) -> np.ndarray:
        draws = draws[:, order]
        ayes = np.add.reduceat(draws * yes, starts, axis=1)
        noes = np.add.reduceat(draws * ~yes, starts, axis=1)
        wins = (ayes * (np.cumsum(noes, axis=1) - noes / 2)).sum(axis=1)
        pairs = ayes.sum(axis=1) * noes.sum(axis=1)
        return np.divide(wins, pairs, out=np.full(len(wins), np.nan), where=pairs > 0)

    return auc
