"""How far the headline figure could be from the truth: a bootstrap over the test examples."""

from __future__ import annotations

import numpy as np

from .examples import Meaning
from .resampling import resampled

DRAWS = 1000
AT_ONCE = 4_000_000  # counts held in memory at a time
SEED = 7


def interval(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> tuple[float, float] | None:
    """Between what 95 of 100 other test sets would show, were they drawn from this one.

    There is none where every draw shows the same, such as after a test without a mistake.
    """
    count = len(targets)
    figure = resampled(targets, outputs, meaning)
    random = np.random.default_rng(SEED)
    size = max(1, min(DRAWS, AT_ONCE // count))
    values = np.concatenate(
        [figure(_draws(random, count, min(size, DRAWS - done))) for done in range(0, DRAWS, size)]
    )
    values = values[np.isfinite(values)]
    if not len(values) or np.ptp(values) == 0:
        return None
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def _draws(random: np.random.Generator, count: int, draws: int) -> np.ndarray:
    """How often each example is in each draw of as many examples, with each put back."""
    chosen = random.integers(0, count, (draws, count))
    chosen += np.arange(draws)[:, None] * count
    counts = np.bincount(chosen.ravel(), minlength=draws * count)
    return counts.reshape(draws, count).astype("float32")
