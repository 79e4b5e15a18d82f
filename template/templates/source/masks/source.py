"""Images and masks, in folders or with names that say which is which; see layout.py.

Folders such as `train`, `val` and `test` are used as they are. Where one is missing, its share is
held out; see split.py.
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
    """The name of the one column of labels, and the images, each with the file of its mask."""
    root = unpacked(config.data.path)
    found = found_in(root, config.data.splits)
    if not found:
        raise ConfigError(
            f"{root} must hold the folders images and masks, or these two in each of "
            f"{', '.join(SPLITS)}; there are no images. See [data] path in config.toml"
        )
    files = [root.joinpath(*x.path) for x in found]
    items = [
        Item(str(file), (str(root.joinpath(*x.mask)),), x.split, group)
        for file, x, group in zip(files, found, groups_in(files, config.data.group), strict=True)
    ]
    return ("mask",), items


{% include "source/_layout/found_in.py" %}
