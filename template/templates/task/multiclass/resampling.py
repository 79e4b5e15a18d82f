"""The headline figure for many draws from the test examples at once: accuracy."""

from collections.abc import Callable

import numpy as np

from ...examples import Meaning


def resampled(
    targets: np.ndarray, outputs: np.ndarray, meaning: Meaning
) -> Callable[[np.ndarray], np.ndarray]:
    """From how often each draw holds each example to the accuracy of each draw."""
    right = (outputs.argmax(axis=1) == targets).astype("float32")
    return lambda draws: draws @ right / draws.sum(axis=1)
