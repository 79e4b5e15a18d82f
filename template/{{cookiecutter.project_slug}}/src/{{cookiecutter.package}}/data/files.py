"""Files: images in folders, a folder in an archive, bytes in and out."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import tensorflow as tf

from ..config import ConfigError
from .walk import FolderError, walk


def images_in(folder: Path) -> Iterator[Path]:
    """The images in a folder and in those inside it, in order; hidden files are none."""
    try:
        for parts in walk(str(folder), Counter()):
            yield Path(folder, *parts)
    except FolderError as problem:
        raise ConfigError(str(problem)) from None


def group_in(file: Path, pattern: str) -> str:
    """What of the file's path says to which group it belongs."""
    try:
        found = re.search(pattern, file.as_posix()) if pattern else None
    except re.error as problem:
        raise ConfigError(f"[data] group = {pattern!r} is wrong: {problem}") from None
    return found.group(0) if found else ""


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


def write(path: Path, content: Callable[[BinaryIO], object]) -> None:
    """Write a file so that it is there whole or not at all, whoever else writes it meanwhile."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        with fresh.open("xb") as file:
            content(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


{% include "source/_bytes/" ~ ("records" if cookiecutter.data in ["tfrecord", "tfds"] or "pack" in cookiecutter.kits else "files") ~ ".py" %}
