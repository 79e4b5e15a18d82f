"""TFRecord files: shards of encoded images with what they show; see data/README.md."""

import re
from pathlib import Path

from ..config import Config, ConfigError
from ..examples import Item
from .files import file_of
from .shards import Keys, items_in
from .walk import SYSTEM

NUMBER = r"(?:-\d+-of-(\d+))?"
SHARD = re.compile(rf"{NUMBER}\.tfrec(?:ord)?s?{NUMBER}$")
{% include "source/_layout/splits.py" %}
NAMED = re.compile(rf"(?:^|[-_.])({'|'.join(SPLIT)})(?=[-_.])")


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The names of the columns of labels, and the images."""
    data = config.data
    shards = [data.path] if data.path.is_file() else shards_in(data.path)
    if not shards:
        raise ConfigError(
            f"{data.path} holds no TFRecord files, such as train-00000-of-00004.tfrecord; "
            "see [data] path in config.toml"
        )
    keys = Keys(data.image, data.label, data.split, data.group, data.mask)
    items = items_in([(shard, _split(shard, data.path)) for shard in shards], keys, str)
    if not items:
        raise ConfigError(f"the TFRecord files in {data.path} are empty")
    if data.group not in ("", "group") and not any(item.group for item in items):
        raise ConfigError(f"no record in {data.path} has the feature '{data.group}' for its group")
    return _columns(items, config), items


def _split(shard: Path, root: Path) -> str:
    """What the name of a shard or its folder says of its records, unless they say it themselves."""
    if found := NAMED.search(shard.name.lower()):
        return SPLIT[found[1]]
    folders = shard.relative_to(root).parts[-2::-1]
    return next((SPLIT[name.lower()] for name in folders if name.lower() in SPLIT), "")


def _columns(items: list[Item], config: Config) -> tuple[str, ...]:
    """A name for each of the texts of a label, of which every record has as many."""
    count = len(items[0].label)
    for item in items:
        if len(item.label) != count:
            raise ConfigError(
                f"{item}: there are {len(item.label)} labels, but {count} in {items[0]}; write "
                "several labels of one image as one text, with ; between them"
            )
    if has_mask(items[0]):
        return ("mask",)
    if count == len(config.head.classes) > 1:
        return config.head.classes
    label = config.data.label
    return (label,) if count == 1 else tuple(f"{label}_{n}" for n in range(1, count + 1))


def shards_in(path: Path) -> list[Path]:
    """The TFRecord files in a folder, all of them: a missing one is an error."""
    files = (file for file in path.rglob("*") if SHARD.search(file.name))
    shards = sorted(x for x in files if not any(map(SYSTEM.fullmatch, x.relative_to(path).parts)))
    counts: dict[tuple[Path, str, int], int] = {}
    for file in shards:
        if (found := SHARD.search(file.name)) and (whole := found[1] or found[2]):
            group = (file.parent, file.name[: found.start()], int(whole))
            counts[group] = counts.get(group, 0) + 1
    for (folder, stem, count), there in counts.items():
        if there != count:
            raise ConfigError(f"{folder}: {there} of the {count} shards of {stem} are there")
    return shards


def has_mask(item: Item) -> bool:
    """Is its label the place of a mask in the same shard?"""
    return file_of(item.label[0]) == file_of(item.file) != item.file
