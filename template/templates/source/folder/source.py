"""Class folders: one folder a class, the images of the class inside.

`train`, `validation` and `test` folders are used as they are. Where one is missing, its share is
held out; see split.py.
"""

from __future__ import annotations

from ..config import Config, ConfigError
from ..examples import SPLITS, Item
from .files import group_in, images_in, unpacked


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The name of the one column of labels, and the images."""
    root = unpacked(config.data.path)
    given = (root / "train").is_dir()
    folders = {split: root / split for split in SPLITS} if given else {"": root}
    items = []
    for split, top in folders.items():
        for folder in sorted(top.glob("*/")):
            if folder.name.startswith((".", "__MACOSX")):
                continue
            images = list(images_in(folder))
            if not images:
                raise ConfigError(f"the class folder {folder} holds no images; fill or remove it")
            items += [
                Item(str(file), (folder.name,), split, group_in(file, config.data.group))
                for file in images
            ]
    if not items:
        raise ConfigError(
            f"{root} must hold at least two folders of images, one for each class; it has none. "
            "See [data] path in config.toml"
        )
    return ("class",), items
