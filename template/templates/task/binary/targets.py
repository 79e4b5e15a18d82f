"""From labels to numbers: each image belongs to one of two classes, the second to be found."""

import re
from collections.abc import Collection, Sequence

import click
import numpy as np

from ..config import Config, ConfigError
from ..examples import Item, Meaning


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the two classes, and 1 for each item of the second."""
    names = class_names(by_class(items), config)
    if len(names) != 2:
        raise ConfigError(
            f"{config.data.path} holds {len(names)} classes, and there must be two of them: "
            f"{', '.join(names)}"
        )
    return names, np.array([[item.label[0] == names[1]] for item in items], dtype="float32")


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the classes."""
    share = float(np.mean(targets))
    return Meaning(names, shares=(1 - share, share))


{% include "task/_shared/by_class.py" %}


{% include "task/_shared/class_names.py" %}
