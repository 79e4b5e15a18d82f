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

import click

from . import storage
from .checkpoint import write
from .config import ConfigError
from .examples import Item
from .looking import Look, look
from .progress import followed
from .source_settings import Data

FOLDER = Path("cache")
VERSION = 1  # what is remembered is forgotten where this changes
MOST_SKIPPED = 0.01

Stamp = tuple[int, int]


def checked(items: Sequence[Item], settings: Data) -> tuple[list[Item], list[Look]]:
    """The items whose images can be read, and what was seen of each."""
    looks = look_at([item.file for item in items], settings.path)
    bad = [number for number, found in enumerate(looks) if found.problem]
    if not bad:
        return list(items), looks
    first = items[bad[0]]
    begin = f"{_printable(first.file)} cannot be read: {looks[bad[0]].problem}"
    if first.place:
        begin = f"{first.place}: {begin}"
    count = f"{len(bad)} of {len(items)} images"
    if settings.on_bad_file == "stop":
        raise ConfigError(
            f"{begin}. It is the first of {count} that cannot be read; mend or remove them, or "
            'leave them out with on_bad_file = "skip" in [data] of config.toml'
        )
    rows = [f"{_printable(items[number].file)}\t{looks[number].problem}\n" for number in bad]
    quarantine = remembered(settings.path).with_name("left-out.tsv")
    write(quarantine, lambda file: file.write("".join(rows).encode()))
    if len(bad) > MOST_SKIPPED * len(items):
        raise ConfigError(
            f"{count} cannot be read, and more than {MOST_SKIPPED:.0%} is too many to leave out; "
            f"they are listed in {quarantine}. The first: {begin}"
        )
    click.echo(f"{count} cannot be read and are left out; they are listed in {quarantine}")
    kept = [number for number, found in enumerate(looks) if not found.problem]
    return [items[number] for number in kept], [looks[number] for number in kept]


def refuse_damaged(entries: Sequence[str]) -> None:
    """Name what can no longer be read: TensorFlow says that decoding failed, but not of what."""
    for entry, found in _looks(list(entries)):
        if found.problem:
            raise ConfigError(
                f"{_printable(entry)} can no longer be read: {found.problem}. It could when "
                "training began; mend or remove it, and train again"
            )


def look_at(entries: Sequence[str], data: Path) -> list[Look]:
    """What is there to know of each image, from memory where it has not changed."""
    memory = remembered(data)
    known, stamps = _load(memory), _stamps(entries)
    new = [entry for entry in stamps if entry not in known or known[entry][0] != stamps[entry]]
    if new:
        try:
            for entry, found in _looks(new):
                known[entry] = (stamps[entry], found)
        finally:
            _save(memory, known)
    return [known[entry][1] for entry in entries]


def remembered(data: Path) -> Path:
    """The file where what was seen of the data is kept."""
    name = sha256(str(data.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return FOLDER / f"images-{name}" / "seen.json"


def _looks(entries: list[str]) -> Iterator[tuple[str, Look]]:
    """Look at images in parallel; a Ctrl-C does not wait for the rest."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = zip(entries, pool.map(look, entries), strict=True)
        try:
            yield from followed(found, len(entries), "Looking at the images")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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
    images = {entry: (*stamp, *found) for entry, (stamp, found) in known.items()}
    text = json.dumps({"version": VERSION, "images": images})
    memory.parent.mkdir(parents=True, exist_ok=True)
    write(memory, lambda file: file.write(text.encode()))


def _printable(name: str) -> str:
    """A name that is not UTF-8 cannot be written as it is."""
    return name.encode("utf-8", "replace").decode()
