"""Class folders: one folder a class, the images of the class inside.

`train`, `validation` and `test` folders are used as they are. Where one is missing, its share is
held out by a hash of each image's bytes: adding files never moves an old one to another split,
and copies of one image always stay together.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .config import Config, ConfigError
from .data import Examples, Splits

SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".png"}
Labelled = list[tuple[str, str]]  # file, class


def read(config: Config) -> Splits:
    """Find the images, their classes and their splits."""
    root = unpacked(config.data.path)
    given = {split: _labelled(root / split) for split in ("train", "validation", "test")}
    if not given["train"]:
        given = {"train": _labelled(root), "validation": [], "test": []}
    for split, share in (("test", config.data.test), ("validation", config.data.validation)):
        if not given[split]:
            given[split] = [pair for pair in given["train"] if _position(pair[0], split) < share]
            held_out = set(given[split])
            given["train"] = [pair for pair in given["train"] if pair not in held_out]
    classes = _classes(config, root, given)
    examples = {split: _examples(pairs, classes) for split, pairs in given.items()}
    for split in ("train", "validation"):
        if not len(examples[split]):
            raise ConfigError(f"{root}: there are no images to use for {split}")
    return Splits(classes, **examples)


def unpacked(path: Path) -> Path:
    """The folder; where only its archive is there (`sample.zip` for `sample`), unpack that."""
    archive = path.with_name(path.name + ".zip")
    if path.is_dir() or not archive.is_file():
        return path
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        with zipfile.ZipFile(archive) as file:
            file.extractall(scratch)
        inner = Path(scratch, path.name)
        shutil.move(inner if inner.is_dir() else scratch, path)
    return path


def _labelled(folder: Path) -> Labelled:
    return [
        (str(file), directory.name)
        for directory in sorted(folder.glob("*/"))
        if directory.is_dir() and not directory.name.startswith(".")
        for file in sorted(_images(directory))
    ]


def _images(directory: Path) -> Iterator[Path]:
    return (file for file in directory.rglob("*") if file.suffix.lower() in SUFFIXES)


def _position(file: str, split: str) -> float:
    """A number from 0 to 1 that depends on the image's bytes, and differs between splits."""
    digest = hashlib.sha256(split.encode() + Path(file).read_bytes()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _classes(config: Config, root: Path, given: dict[str, Labelled]) -> tuple[str, ...]:
    found = {label for pairs in given.values() for _, label in pairs}
    if len(found) < 2:
        raise ConfigError(
            f"{root} must hold at least two folders of images, one for each class; "
            f"found: {', '.join(sorted(found)) or 'none'}. See [data] path in config.toml"
        )
    classes = config.head.classes or tuple(sorted(found))
    if set(classes) != found:
        raise ConfigError(
            f"the classes in config.toml and the folders in {root} differ; only in config.toml: "
            f"{_list(set(classes) - found)}; only in the data: {_list(found - set(classes))}"
        )
    if config.head.outputs not in (0, len(classes)):
        raise ConfigError(
            f"[head] outputs = {config.head.outputs} in config.toml, but {root} holds "
            f"{len(classes)} classes"
        )
    return classes


def _examples(pairs: Labelled, classes: tuple[str, ...]) -> Examples:
    targets = np.array([classes.index(label) for _, label in pairs], dtype="int32")
    return Examples(tuple(file for file, _ in pairs), targets)


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
