"""From config.toml to the three splits: find the examples, check them, divide them."""

from __future__ import annotations

from collections.abc import Sequence

import click
import numpy as np

from . import source, task
from .config import Config, ConfigError
from .examples import SPLITS, Examples, Item, Splits
from .images import UPRIGHT, is_plain
from .kits import kits
from .listing import look_at
from .looking import Look
from .quarantine import checked
from .source_settings import Data
from .splits import crossing, divide


def read(config: Config) -> Splits:
    """The examples as the source gives them, each in one split, with targets for the task."""
    columns, items = source.find(config)
    items, looks = checked(items, config)
    digests = [look.digest for look in looks]
    items = divide(items, digests, config.data)
    if pairs := crossing(items, digests):
        one, other = pairs[0]
        click.echo(
            f"warning: {len(pairs)} images are in more than one split, as the data have it: "
            f"{one} ({one.split}) and {other} ({other.split}) are the same"
        )
    for kit in kits():
        if kit.instead:
            items = kit.instead(columns, items, looks, config)
            looks = look_at([item.file for item in items], config.data.path)
    names, targets = task.encode(items, columns, config)
    members = {
        split: [index for index, item in enumerate(items) if item.split == split]
        for split in SPLITS
    }
    for split in ("train", "validation"):
        if not members[split]:
            raise ConfigError(f"{config.data.path}: there are no images to use for {split}")
    examples = {
        split: _examples(items, looks, targets, chosen, config.data)
        for split, chosen in members.items()
    }
    return Splits(task.learn(names, examples["train"].targets), **examples)


def _examples(
    items: Sequence[Item],
    looks: Sequence[Look],
    targets: np.ndarray,
    chosen: list[int],
    settings: Data,
) -> Examples:
    turns = np.array([looks[index].turn for index in chosen], dtype="uint8")
    files = tuple(items[index].file for index in chosen)
    digests = tuple(looks[index].digest for index in chosen)
    own = [looks[index] for index in chosen]
    upright = all(look.format == "JPEG" and look.turn == UPRIGHT for look in own)
    plain = upright and all(is_plain(look.width, look.height, settings) for look in own)
    return Examples(files, targets[chosen], turns, digests, plain)
