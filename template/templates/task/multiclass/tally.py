"""What there is to learn from, and what is true of an image, in words."""

import numpy as np

from ...examples import Meaning

COUNTED = True  # tally() counts the images of each class


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images of each class there are."""
    counts = np.bincount(targets, minlength=len(meaning.names))
    return dict(zip(meaning.names, counts.tolist(), strict=True))


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a word."""
    return meaning.names[int(target)]
