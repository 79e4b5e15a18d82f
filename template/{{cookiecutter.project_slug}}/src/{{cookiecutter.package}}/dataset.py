"""From config.toml to the three splits: find the examples, check them, divide them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from . import source, task
from .config import Config, ConfigError
from .examples import SPLITS, Examples, Item, Splits
from .splits import divide


def read(config: Config) -> Splits:
    """The examples as the source gives them, each in one split, with targets for the task."""
    columns, items = source.find(config)
    items = divide(items, [_digest(item) for item in items], config.data)
    names, targets = task.encode(items, columns, config)
    members = {
        split: [index for index, item in enumerate(items) if item.split == split]
        for split in SPLITS
    }
    for split in ("train", "validation"):
        if not members[split]:
            raise ConfigError(f"{config.data.path}: there are no images to use for {split}")
    examples = {split: _examples(items, targets, chosen) for split, chosen in members.items()}
    return Splits(task.learn(names, examples["train"].targets), **examples)


def _examples(items: Sequence[Item], targets: np.ndarray, chosen: list[int]) -> Examples:
    return Examples(tuple(items[index].file for index in chosen), targets[chosen])


def _digest(item: Item) -> str:
    return hashlib.sha256(Path(item.file).read_bytes()).hexdigest()
