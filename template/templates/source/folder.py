"""Class folders: one folder a class, the images of the class inside.

`train`, `validation` and `test` folders are used as they are. Where one is missing, its share is
held out; see splits.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .archive import unpacked
from .config import Config, ConfigError
from .examples import SPLITS, Item

SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp"}


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The name of the one column of labels, and the images."""
    root = unpacked(config.data.path)
    given = (root / "train").is_dir()
    folders = {split: root / split for split in SPLITS} if given else {"": root}
    items = [
        Item(str(file), (folder.name,), split, _group(file, config.data.group))
        for split, top in folders.items()
        for folder in sorted(top.glob("*/"))
        if folder.is_dir() and not folder.name.startswith(".")
        for file in images_in(folder)
    ]
    if not items:
        raise ConfigError(
            f"{root} must hold at least two folders of images, one for each class; it has none. "
            "See [data] path in config.toml"
        )
    return ("class",), items


def images_in(folder: Path) -> Iterator[Path]:
    """The images in a folder and in those inside it, in order."""
    return (file for file in sorted(folder.rglob("*")) if file.suffix.lower() in SUFFIXES)


def _group(file: Path, pattern: str) -> str:
    """What of the file's path says to which group it belongs."""
    found = re.search(pattern, file.as_posix()) if pattern else None
    return found.group(0) if found else ""
