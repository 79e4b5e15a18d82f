"""A folder of data that travels as an archive, and is unpacked on first use."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path


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
