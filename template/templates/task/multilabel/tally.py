"""What there is to learn from, and what is true of an image, in words."""

import numpy as np

from ...examples import Meaning

COUNTED = True  # tally() counts the images with each label


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images with each label there are."""
    return dict(zip(meaning.names, targets.sum(axis=0).tolist(), strict=True))


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a few words."""
    held = [name for name, holds in zip(meaning.names, target, strict=True) if holds]
    return ", ".join(held) or "none"
