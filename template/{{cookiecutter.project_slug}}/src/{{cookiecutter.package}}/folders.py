"""Images in folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from .config import ConfigError

# What Pillow cannot read of these is named then, and not passed over.
SUFFIXES = (
    ".avif",
    ".bmp",
    ".gif",
    ".heic",
    ".jfif",
    ".jpeg",
    ".jpg",
    ".png",
    ".tif",
    ".tiff",
    ".webp",
)


def images_in(folder: Path) -> Iterator[Path]:
    """The images in a folder and in those inside it, in order; hidden files are none."""
    for top, inside, names in os.walk(folder, onerror=_refuse):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(top, name)


def _refuse(problem: OSError) -> None:
    """A folder that cannot be read is not passed over."""
    if not isinstance(problem, FileNotFoundError):
        raise ConfigError(f"the folder {problem.filename} cannot be read: {problem.strerror}")


def group_in(file: Path, pattern: str) -> str:
    """What of the file's path says to which group it belongs."""
    found = re.search(pattern, file.as_posix()) if pattern else None
    return found.group(0) if found else ""
