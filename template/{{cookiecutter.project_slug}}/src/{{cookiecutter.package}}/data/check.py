"""Validates every image before training, and reads its hash and its EXIF orientation.

A damaged file should not stop training hours later. What TensorFlow decodes wrongly is cached as
a plain copy, see plain.py; `predict` reads through the same function.
"""

import hashlib
import io
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import click
from PIL import Image, UnidentifiedImageError

from ..config import ConfigError
from ..errors import DAMAGE
from ..examples import Examples, Item
from .files import file_of, load_bytes, write
from .plain import is_plain, to_plain

FOLDER = Path("cache")
METADATA = FOLDER / "images.json"  # what was found
ORIENTATION = 0x0112  # the EXIF tag

# A large photo is no attack; what is too large to be one still is refused.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


class Look(NamedTuple):
    """What is known of an image."""

    file: str = ""  # where its pixels are read from: itself, or a plain copy
    digest: str = ""  # SHA-256 of its bytes
    width: int = 0  # before it is turned
    height: int = 0
    turn: int = 1  # how it is to be turned, as EXIF counts it from 1 (upright) to 8
    problem: str = ""  # why it cannot be used


def look_at(entries: Sequence[str]) -> list[Look]:
    """What is known of each image, from the cache where its file has not changed."""
    known, keys = _load(), {entry: stamp(entry) for entry in entries}
    new = [entry for entry, key in keys.items() if key not in known]
    try:
        for entry, found in looks_of(new):
            known[keys[entry]] = found
    finally:
        if new:  # without what could not be read: rights change, and a file's date does not tell
            sound = {key: found for key, found in known.items() if not found.problem}
            FOLDER.mkdir(exist_ok=True)
            kept = {"looks": sound, "copies": [stamp(str(x)) for x in FOLDER.glob("*.png")]}
            write(METADATA, lambda file: file.write(json.dumps(kept).encode()))
    copies = [entry for entry in new if known[keys[entry]].file not in ("", entry)]
    if copies:
        kinds = Counter(Path(file_of(entry)).suffix or "no suffix" for entry in copies)
        text = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        click.echo(f"read from upright PNG copies of 8 bits in {FOLDER}/: {text}", err=True)
    return [known[keys[entry]] for entry in entries]


def looks_of(entries: Sequence[str]) -> Iterator[tuple[str, Look]]:
    """Look at images in parallel; a Ctrl-C does not wait for the rest."""
    if not entries:
        return
    pool = ThreadPoolExecutor(os.cpu_count())
    found = zip(entries, pool.map(look, entries), strict=True)
    try:
        with click.progressbar(found, len(entries), "looking at images", file=sys.stderr) as bar:
            yield from bar
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def look(entry: str) -> Look:
    """Read an image and decode it, so that no later decoding can fail."""
    data, digest = b"", ""
    try:
        entry.encode()
        data = load_bytes(entry)
        digest = hashlib.sha256(data).hexdigest()
        with Image.open(io.BytesIO(data)) as image:
            turn = image.getexif().get(ORIENTATION, 1)
            turn = turn if turn in range(1, 9) else 1
            if is_plain(image, data) and (turn == 1 or image.format != "PNG"):  # JPEGs turn late
                return Look(entry, digest, *image.size, turn)
            plain, copy = to_plain(image), FOLDER / f"{digest}.png"
            FOLDER.mkdir(exist_ok=True)
            write(copy, lambda file: plain.save(file, "PNG", compress_level=1))
            return Look(str(copy), digest, *plain.size)
    except Exception as problem:  # a damaged file can raise almost anything in a decoder
        return Look(digest=digest, problem=f"cannot be read: {_reason(data, digest, problem)}")


def refuse(items: Sequence[Item], looks: Sequence[Look]) -> None:
    """Stop if an example cannot be used."""
    if bad := faults(items, looks):
        count = f"{len(bad)} of {len(looks)} images that cannot be used"
        raise ConfigError(f"{bad[0]}. It is the first of {count}; mend or remove them")


def faults(items: Sequence[Item], looks: Sequence[Look]) -> list[str]:
    """Which examples cannot be used, and why."""
    bad = [(item, one.problem) for item, one in zip(items, looks, strict=True) if one.problem]
    texts = [f"{x.place}{': ' * bool(x.place)}{x.file} {problem}" for x, problem in bad]
    return [text.encode("utf-8", "replace").decode() for text in texts]  # names may not be UTF-8


def refuse_damaged(*parts: Examples) -> None:
    """Name what can no longer be read: TensorFlow says that decoding failed, but not of what."""
    entries = [entry for part in parts for entry in (*part.files, *part.targets.ravel().tolist())]
    for entry, found in looks_of([entry for entry in entries if isinstance(entry, str)]):
        if found.problem:
            raise ConfigError(f"{entry} {found.problem}; it could be when training began")


def _reason(data: bytes, digest: str, problem: Exception) -> str:
    if isinstance(problem, UnicodeEncodeError):
        return "its name is not UTF-8; rename it"
    if isinstance(problem, ConfigError):
        return str(problem)
    if isinstance(problem, UnidentifiedImageError):
        return "it is not an image of a kind that can be read" if data else "it is empty"
    if isinstance(problem, Image.DecompressionBombError):
        return "it has too many pixels to be a photo"
    text = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return f"it is damaged ({text.splitlines()[0]})" if digest else text[:1].lower() + text[1:]


def stamp(entry: str) -> str:
    """An image's path with what changes whenever its file does: ctime cannot be put back."""
    try:
        of = os.stat(file_of(entry))
    except (OSError, ValueError):
        return entry
    return f"{entry}|{of.st_size}|{of.st_mtime_ns}|{of.st_ctime_ns}|{of.st_ino}"


def _load() -> dict[str, Look]:
    """The cache without outdated entries."""
    try:
        kept = json.loads(METADATA.read_bytes())
        known, copies = {k: Look(*found) for k, found in kept["looks"].items()}, set(kept["copies"])
    except DAMAGE:
        return {}
    return {key: x for key, x in known.items() if key.startswith(x.file) or stamp(x.file) in copies}
