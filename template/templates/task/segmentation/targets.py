"""From masks to targets: the mask of each image, and the names of its classes."""

from collections.abc import Sequence

import numpy as np

from ..config import Config
from ..examples import Item, Meaning
from . import mask_check, mask_survey
from .check import Look


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the classes, and the mask of each item."""
    names = mask_check.names(items, config)
    return names, np.array([mask_survey.reads(item.label[0]) for item in items])


def faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """For each item why its mask cannot be learned from; nothing where it can."""
    return mask_check.faults(items, looks, config)


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training masks tell about the classes."""
    counts = mask_survey.pixels(targets.tolist()).sum(axis=0)[: len(names)]
    return Meaning(names, shares=tuple((counts / max(counts.sum(), 1)).tolist()))
