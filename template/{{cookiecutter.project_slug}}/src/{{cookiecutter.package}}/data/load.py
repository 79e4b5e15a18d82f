"""From config.toml to the three splits: find the examples, check them, divide them."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..config import Config, ConfigError
from ..examples import SPLITS, Examples, Item, Splits
from ..hooks import kits
from . import source, targets
from .check import Look, look_at, refuse
from .files import load_bytes
from .split import divide


def load(config: Config) -> Splits:
    """The examples as the source gives them, each in one split, with targets for the task."""
    columns, items = source.find(config)
    looks = look_at_all(items, config)
    for kit in kits():
        if kit.images:
            items, looks = kit.images(columns, items, looks, config)
    refuse(items, looks)
    items = divide(items, [look.digest for look in looks], config.data)
    names, numbers = targets.encode(items, columns, config)
    refuse_contradictions(items, looks, numbers)
    examples = Examples(
        files=tuple(look.file for look in looks),
        targets=numbers,
        turns=np.array([look.turn for look in looks], "uint8"),
        digests=tuple(look.digest for look in looks),
        origins=tuple(item.file for item in items),
    )

    def part(split: str) -> Examples:
        chosen = [index for index, item in enumerate(items) if item.split == split]
        if not chosen and split != "test":
            raise ConfigError(
                f"{config.data.path}: there are no images to use for {split}; see [data] "
                "validation and test in config.toml"
            )
        return examples.subset(chosen)

    train, validation, test = map(part, SPLITS)
    need = 12 * config.data.image_size**2 * min(config.data.batch_size, len(train))  # in float32
    if hasattr(os, "sysconf") and need > os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        raise ConfigError(
            f"a batch of batch_size = {config.data.batch_size} images of image_size = "
            f"{config.data.image_size} takes {need / 1e9:,.0f} GB, more memory than there is; make "
            "one of them smaller in [data] of config.toml"
        )
    return Splits(targets.learn(names, train.targets), train, validation, test)


def refuse_contradictions(
    items: Sequence[Item], looks: Sequence[Look], numbers: np.ndarray
) -> None:
    """Refuse identical images with different targets: no model could learn both."""
    first: dict[str, int] = {}
    for index, look in enumerate(looks):
        other = first.setdefault(look.digest, index)
        if other != index and target_bytes(numbers[other]) != target_bytes(numbers[index]):
            one, two = items[other], items[index]
            raise ConfigError(
                f"{one} ({', '.join(one.label)}) and {two} ({', '.join(two.label)}) are the same "
                "image with different labels; remove one of them"
            )


def target_bytes(target: Any) -> bytes:
    """A target's numbers, or the bytes of its mask."""
    return load_bytes(target) if isinstance(target, str) else np.asarray(target).tobytes()


{% include ["task/" ~ cookiecutter.task ~ "/look_at_all.py", "task/_shared/look_at_all.py"] %}
