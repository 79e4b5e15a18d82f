"""Files: images in folders, a folder in an archive, bytes in and out."""

import os
import re
import secrets
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click
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


def groups_in(files: Sequence[Path], pattern: str) -> list[str]:
    """What of each file's path says to which group it belongs."""
    if not pattern:
        return [""] * len(files)
    try:
        found = [re.search(pattern, file.as_posix()) for file in files]
    except re.error as problem:
        raise ConfigError(f"[data] group = {pattern!r} is wrong: {problem}") from None
    groups = [match.group(0) if match else "" for match in found]
    if not any(groups):
        raise ConfigError(f"[data] group = {pattern!r} is in no path, such as {files[0]}")
    if count := groups.count(""):
        first = files[groups.index("")]
        click.echo(f"{count} of {len(files)} images are in no group, the first is {first}")
    return groups


def unpacked(path: Path) -> Path:
    """The folder; where only its archive is there (`sample.zip` for `sample`), unpack that."""
    if path.is_dir() or not (archive := path.with_name(path.name + ".zip")).is_file():
        return path
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        try:
            with zipfile.ZipFile(archive) as file:
                file.extractall(scratch)
        except (zipfile.BadZipFile, RuntimeError, zlib.error) as problem:  # damaged, encrypted
            pointer = archive.read_bytes()[:99].startswith(b"version https://git-lfs")
            hint = "a pointer of Git LFS; `git lfs pull` brings the file" if pointer else problem
            raise ConfigError(f"the archive {archive} cannot be unpacked: {hint}") from None
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
