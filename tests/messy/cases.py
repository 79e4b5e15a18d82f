"""What a case is, and what most of them are made of.

A case is a line or two in a table of its kind (layouts.py, tables.py, …): what is there, and what
must be said, or how many images of which split and class must be found. Said by all of them: no
traceback; where a folder is read, each of its files is used or counted.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Build = Callable[[Path], object]  # fills a folder
SPLITS = {"rest": "", "train": "train", "validation": "validation", "test": "test"}


@dataclass(frozen=True)
class Case:
    build: Build  # in the folder `data` of the project
    said: tuple[str, ...] = ()  # parts of what is printed
    code: int = 0  # 2: a mistake of the user's, 1: something else that stops
    classes: tuple[str, ...] | None = None
    splits: dict[str, int] = field(default_factory=dict)  # images that the source puts into each
    set: tuple[str, ...] = ()  # overrides of config.toml
    project: str = "folder"
    unsaid: tuple[str, ...] = ()  # what must not be printed
    fails: str = ""  # why it is not so today: the test then expects that


def reads(
    build: Build,
    *said: str,
    classes: str | tuple[str, ...] | None = None,
    set: tuple[str, ...] = (),
    project: str = "folder",
    unsaid: tuple[str, ...] = (),
    fails: str = "",
    **splits: int,
) -> Case:
    """Data that are taken: images by split (`rest`: the data do not say which)."""
    names = tuple(classes.split()) if isinstance(classes, str) else classes
    counts = {SPLITS[split]: count for split, count in splits.items()}
    return Case(build, said, 0, names, counts, set, project, unsaid, fails)


def stops(
    build: Build,
    *said: str,
    set: tuple[str, ...] = (),
    project: str = "folder",
    code: int = 2,
    unsaid: tuple[str, ...] = (),
    fails: str = "",
) -> Case:
    """Data that are refused, with a sentence."""
    return Case(build, said, code, None, {}, set, project, unsaid, fails)


def png(name: str = "", width: int = 24, height: int = 24) -> bytes:
    """A small picture whose pixels depend on its name."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    seed = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
    row = b"\0" + (seed * (3 * width // len(seed) + 1))[: 3 * width]
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(row * height))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def put(root: Path, *names: str, content: bytes | None = None) -> None:
    """Files; pictures, each another one, unless their content is given."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(png(name) if content is None else content)


def fill(*folders: str, count: int = 4, name: str = "{}.png") -> Build:
    """So many pictures in each folder."""

    def build(root: Path) -> None:
        put(root, *(f"{folder}/{name.format(i)}" for folder in folders for i in range(count)))

    return build


def files(*names: str, content: bytes | None = None) -> Build:
    return lambda root: put(root, *names, content=content)


def both(*builds: Build) -> Build:
    def build(root: Path) -> None:
        for each in builds:
            each(root)

    return build


def folders(*names: str) -> Build:
    def build(root: Path) -> None:
        for name in names:
            (root / name).mkdir(parents=True, exist_ok=True)

    return build


def link(name: str, target: str) -> Build:
    """A link, to a place that is relative to the link's folder."""

    def build(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)

    return build


def pipe(name: str) -> Build:
    """A named pipe: whoever reads it waits for ever."""

    def build(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(root / name)

    return build


def table(text: str | bytes, count: int = 8, name: str = "labels.csv") -> Build:
    """Pictures p0.png, p1.png … and a table."""

    def build(root: Path) -> None:
        put(root, *(f"p{i}.png" for i in range(count)))
        put(root, name, content=text if isinstance(text, bytes) else text.encode())

    return build


def rows(*cells: str, form: str = "p{}.png,{}\n") -> str:
    return "".join(form.format(i, cell) for i, cell in enumerate(cells))


AB = fill("cat", "dog")
