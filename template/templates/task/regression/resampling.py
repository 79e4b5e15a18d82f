"""The headline figure for many draws from the test examples at once: R²."""

from collections.abc import Callable

import numpy as np

from ...examples import Meaning


def resampled(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> Callable[[np.ndarray], np.ndarray]:
    """From how often each draw holds each example to the R² of each draw, a mean over targets."""
    centred = targets - targets.mean(axis=0, dtype="float64")
    errors = (targets.astype("float64") - outputs) ** 2

    def r2(draws: np.ndarray) -> np.ndarray:
        draws = draws.astype("float64")
        spread = draws @ centred**2 - (draws @ centred) ** 2 / draws.sum(axis=1, keepdims=True)
        varied = spread > 1e-9 * (centred**2).sum(axis=0)
        share = np.divide(draws @ errors, spread, out=np.ones_like(spread), where=varied)
        count = varied.sum(axis=1)
        return np.divide(
            (1 - share).sum(axis=1), count, out=np.full(len(draws), np.nan), where=count > 0
        )

    return r2
