"""Class folders: one folder a class, the images of the class inside.

Folders such as `train`, `val` and `test` are used as they are. Where one is missing, its share is
held out; see split.py. What a folder means is found in layout.py.
"""

from collections import Counter
from pathlib import Path

import click

from ..config import Config, ConfigError
from ..examples import SPLITS, Item
from .files import groups_in, unpacked
from .layout import Found, read
from .walk import FolderError, walk


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The name of the one column of labels, and the images."""
    root = unpacked(config.data.path)
    found = found_in(root, config.data.splits)
    if not found:
        raise ConfigError(
            f"{root} must hold at least two folders of images, one for each class; it has none. "
            "See [data] path in config.toml"
        )
    files = [root.joinpath(*x.path) for x in found]
    columns = zip(files, found, groups_in(files, config.data.group), strict=True)
    items = [Item(str(file), (x.label,), x.split, group) for file, x, group in columns]
    return ("class",), items


{% include "source/_layout/found_in.py" %}
