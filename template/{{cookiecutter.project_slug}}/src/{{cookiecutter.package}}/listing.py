"""What must be known of every image before training: can it be read, how is it turned, its hash.

Every image is decoded once, since training should not stop at a damaged one hours later. What was
found is remembered by the file's path, size and date, so that the next run only looks at the dates.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from . import storage
from .checkpoint import write
from .looking import Look, look
from .progress import followed

FOLDER = Path("cache")
VERSION = 1  # what is remembered is forgotten where this changes

Stamp = tuple[int, int]


def look_at(entries: Sequence[str], data: Path) -> list[Look]:
    """What is there to know of each image, from memory where it has not changed."""
    memory = remembered(data)
    known, stamps = _load(memory), _stamps(entries)
    new = [entry for entry in stamps if entry not in known or known[entry][0] != stamps[entry]]
    if new:
        try:
            for entry, found in looks_of(new):
                known[entry] = (stamps[entry], found)
        finally:
            _save(memory, known)
    return [known[entry][1] for entry in entries]


def looks_of(entries: list[str]) -> Iterator[tuple[str, Look]]:
    """Look at images in parallel; a Ctrl-C does not wait for the rest."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = zip(entries, pool.map(look, entries), strict=True)
        try:
            yield from followed(found, len(entries), "Looking at the images")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def remembered(data: Path) -> Path:
    """The file where what was seen of the data is kept."""
    name = sha256(str(data.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return FOLDER / f"images-{name}" / "seen.json"


def _stamps(entries: Sequence[str]) -> dict[str, Stamp]:
    """Size and date of the file behind each entry; zeros where there is none."""
    seen: dict[str, Stamp] = {}
    return {entry: _stamp(storage.file_of(entry), seen) for entry in entries}


def _stamp(file: str, seen: dict[str, Stamp]) -> Stamp:
    if file not in seen:
        try:
            status = os.stat(file)
            seen[file] = (status.st_size, status.st_mtime_ns)
        except (OSError, ValueError):
            seen[file] = (0, 0)
    return seen[file]


def _load(memory: Path) -> dict[str, tuple[Stamp, Look]]:
    """What was seen before; nothing where the file is missing, damaged or of another version."""
    try:
        values = json.loads(memory.read_bytes())
        if values["version"] != VERSION:
            return {}
        return {
            entry: ((size, date), Look(*seen))
            for entry, (size, date, *seen) in values["images"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _save(memory: Path, known: dict[str, tuple[Stamp, Look]]) -> None:
    """Without what could not be read: rights change, and a file's date does not tell."""
    images = {
        entry: (*stamp, *found) for entry, (stamp, found) in known.items() if not found.problem
    }
    text = json.dumps({"version": VERSION, "images": images})
    memory.parent.mkdir(parents=True, exist_ok=True)
    write(memory, lambda file: file.write(text.encode()))
