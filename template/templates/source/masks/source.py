"""Images and masks: two folders, in which an image and its mask have the same name.

`train`, `validation` and `test` folders, each with these two inside, are used as they are. Where
one is missing, its share is held out; see split.py.
"""

from __future__ import annotations

from pathlib import Path

from ..config import Config, ConfigError
from ..examples import SPLITS, Item
from .files import group_in, images_in, unpacked

LOSSY = {".jpg", ".jpeg"}


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The name of the one column of labels, and the images, each with the file of its mask."""
    root = unpacked(config.data.path)
    given = (root / "train").is_dir()
    tops = {split: root / split for split in SPLITS} if given else {"": root}
    items = [
        Item(str(image), (str(mask),), split, group_in(image, config.data.group))
        for split, top in tops.items()
        for image, mask in _pairs(top / "images", top / "masks")
    ]
    if not items:
        raise ConfigError(
            f"{root} must hold the folders images and masks, or these two in each of "
            f"{', '.join(SPLITS)}; there are no images. See [data] path in config.toml"
        )
    return ("mask",), items


def _pairs(images: Path, masks: Path) -> list[tuple[Path, Path]]:
    """Each image with its mask; nothing may be left over on either side."""
    shown, marked = _by_stem(images), _by_stem(masks)
    if missing := sorted(shown.keys() - marked.keys()):
        raise ConfigError(
            f"{shown[missing[0]]} has no mask: there is no {masks / missing[0]}.png; "
            f"it is the first of {len(missing)} such images"
        )
    if unused := sorted(marked.keys() - shown.keys()):
        raise ConfigError(
            f"{marked[unused[0]]} is a mask without its image in {images}; "
            f"it is the first of {len(unused)} such masks"
        )
    if lossy := [mask for mask in marked.values() if mask.suffix.lower() in LOSSY]:
        raise ConfigError(f"{lossy[0]}: JPEG changes the numbers in a mask; save masks as PNG")
    return [(image, marked[stem]) for stem, image in shown.items()]


def _by_stem(folder: Path) -> dict[str, Path]:
    """The images in a folder, by their path in it without the suffix."""
    found: dict[str, Path] = {}
    for file in images_in(folder):
        stem = file.relative_to(folder).with_suffix("").as_posix()
        if stem in found:
            raise ConfigError(f"{found[stem]} and {file} differ only in their suffix; remove one")
        found[stem] = file
    return found
