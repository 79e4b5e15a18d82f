"""From labels to numbers: each image belongs to exactly one of several classes."""

import re
from collections.abc import Collection, Sequence

import click
import numpy as np

from ..config import Config, ConfigError
from ..examples import Item, Meaning


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the classes, and each item's class by its number."""
    names = class_names(by_class(items), config)
    numbers = {name: number for number, name in enumerate(names)}
    return names, np.array([numbers[item.label[0]] for item in items], dtype="int32")


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the classes."""
    counts = np.bincount(targets, minlength=len(names))
    return Meaning(names, shares=tuple((counts / counts.sum()).tolist()))


{% include "task/_shared/by_class.py" %}


{% include "task/_shared/class_names.py" %}
