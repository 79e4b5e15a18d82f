"""What there is to learn from, and what is true of an image, in words."""

import numpy as np

from ...data import mask_survey
from ...examples import Meaning

COUNTED = True  # tally() counts the images that show each class


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """How many images show each class."""
    shown = (mask_survey.pixels(targets.tolist()) > 0).sum(axis=0)
    return {name: float(shown[number]) for number, name in enumerate(meaning.names)}


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a few words."""
    (counts,) = mask_survey.pixels([str(target)])
    return ", ".join(name for number, name in enumerate(meaning.names) if counts[number])
