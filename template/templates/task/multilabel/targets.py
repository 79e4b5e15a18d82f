"""From labels to numbers: any of several labels may hold for an image."""

import re
from collections.abc import Collection, Sequence

import click
import numpy as np

from ..config import Config, ConfigError
from ..examples import Item, Meaning

FLAGS = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "false": 0, "true": 1}


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The labels, and for each item a 1 where one holds.

    The data have a column of 0 and 1 for each label, or one column that lists what holds.
    """
    if len(columns) > 1 or all(item.label[0].lower() in FLAGS for item in items):
        return _flags(items, columns, config)
    held = [_listed(item.label[0], config.data.separator) for item in items]
    found: dict[str, list[Item]] = {}
    for item, labels in zip(items, held, strict=True):
        for label in labels:
            found.setdefault(label, []).append(item)
    names = class_names(found, config, least=1)
    return names, np.array([[name in labels for name in names] for labels in held], "float32")


def _flags(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    names = class_names({column: [] for column in columns}, config, least=1)
    order = [columns.index(name) for name in names]
    for item in items:
        for column, text in zip(columns, item.label, strict=True):
            if text.lower() not in FLAGS:
                raise ConfigError(f"{item}: {column} is '{text}', and a label is 0 or 1")
    rows = [[FLAGS[item.label[column].lower()] for column in order] for item in items]
    return names, np.array(rows, dtype="float32")


def _listed(cell: str, separator: str) -> set[str]:
    return {label.strip() for label in cell.split(separator)} - {""}


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """What the training examples tell about the labels."""
    return Meaning(names, shares=tuple(targets.mean(axis=0).tolist()))


{% include "task/_shared/class_names.py" %}
