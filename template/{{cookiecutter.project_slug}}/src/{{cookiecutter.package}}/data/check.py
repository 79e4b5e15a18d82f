"""A look at every image before training: can it be read, what is its hash, which way is it up.

Training should not stop at a damaged file hours later. What TensorFlow would show wrongly
(transparent, 16 bits, unusual formats) is read by Pillow once and kept as a plain PNG.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps, UnidentifiedImageError

from ..config import ConfigError
from ..examples import Item
from .files import file_of, load_bytes, write

FOLDER = Path("cache")
METADATA = FOLDER / "images.json"  # what was found, by the file's path, size and date
ORIENTATION = 0x0112  # the EXIF tag
PLAIN = {"JPEG": ("L", "RGB", "CMYK"), "MPO": ("L", "RGB"), "PNG": ("L", "RGB"), "BMP": ("RGB",)}

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


Known = dict[str, tuple[list[int], Look]]  # with the size and date of the file that was read


def look_at(entries: Sequence[str]) -> list[Look]:
    """What there is to know of each image; from memory where size and date are as they were."""
    known, stamps = _load(), {entry: _stamp(entry) for entry in entries}
    new = [entry for entry in stamps if not _is_known(entry, stamps[entry], known)]
    try:
        for entry, found in looks_of(new):
            known[entry] = (stamps[entry], found)
    finally:
        if new:  # without what could not be read: rights change, and a file's date does not tell
            rows = {e: (stamp, *one) for e, (stamp, one) in known.items() if not one.problem}
            FOLDER.mkdir(exist_ok=True)
            write(METADATA, lambda file: file.write(json.dumps(rows).encode()))
    return [known[entry][1] for entry in entries]


def looks_of(entries: Sequence[str]) -> Iterator[tuple[str, Look]]:
    """Look at images in parallel; a Ctrl-C does not wait for the rest."""
    pool = ThreadPoolExecutor(os.cpu_count())
    found = zip(entries, pool.map(look, entries), strict=True)
    label = "looking at the images"
    try:
        with click.progressbar(found, len(entries), label, file=sys.stderr) as bar:
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
            if _is_plain(image, data) and _tensorflow_reads(data):
                return Look(entry, digest, *image.size, turn if turn in range(1, 9) else 1)
            plain, copy = to_plain(image), FOLDER / f"{digest}.png"
            FOLDER.mkdir(exist_ok=True)
            write(copy, lambda file: plain.save(file, "PNG", compress_level=1))
            return Look(str(copy), digest, *plain.size)
    except Exception as problem:  # a damaged file can raise almost anything in a decoder
        return Look(digest=digest, problem=f"cannot be read: {_reason(data, digest, problem)}")


def to_plain(image: Image.Image) -> Image.Image:
    """The right way up, on white, with 8 bits a channel."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight, as TensorFlow does
        return Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype("uint8"))
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def refuse(items: Sequence[Item], looks: Sequence[Look]) -> None:
    """Stop if an example cannot be used."""
    if bad := faults(items, looks):
        count = f"{len(bad)} of {len(looks)} images that cannot be used"
        raise ConfigError(f"{bad[0]}. It is the first of {count}; mend or remove them")


def refuse_damaged(entries: Sequence[str]) -> None:
    """Name what can no longer be read: TensorFlow says that decoding failed, but not of what."""
    for entry, found in looks_of(entries):
        if found.problem:
            raise ConfigError(f"{entry} {found.problem}; it could be when training began")


def faults(items: Sequence[Item], looks: Sequence[Look]) -> list[str]:
    """Which examples cannot be used, and why."""
    bad = [(item, one.problem) for item, one in zip(items, looks, strict=True) if one.problem]
    texts = [f"{x.place}{': ' * bool(x.place)}{x.file} {problem}" for x, problem in bad]
    return [text.encode("utf-8", "replace").decode() for text in texts]  # names may not be UTF-8


def _is_plain(image: Image.Image, data: bytes) -> bool:
    """Does TensorFlow show this kind of image as Pillow does, if it reads it at all?"""
    if image.mode not in PLAIN.get(str(image.format), ()) or "transparency" in image.info:
        return False
    if image.format == "BMP":
        return data[28:30] == b"\x18\x00" and data[30:34] == bytes(4)  # 24 bits, as they are
    return image.format != "PNG" or not getattr(image, "is_animated", False)


def _tensorflow_reads(data: bytes) -> bool:
    """JPEG at an eighth of the size: all of the data are still read, at a third of the cost."""
    try:
        with tf.device("CPU"):
            if data[:2] == b"\xff\xd8":
                tf.io.decode_jpeg(data, channels=3, ratio=8)
            else:
                tf.io.decode_image(data, channels=3, expand_animations=False)
    except tf.errors.OpError:
        return False
    return True


def _reason(data: bytes, digest: str, problem: Exception) -> str:
    if isinstance(problem, UnicodeEncodeError):
        return "its name is not UTF-8; rename it"
    if isinstance(problem, UnidentifiedImageError):
        return "it is not an image of a kind that can be read" if data else "it is empty"
    if isinstance(problem, Image.DecompressionBombError):
        return "it has too many pixels to be a photo"
    text = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return f"it is damaged ({text.splitlines()[0]})" if digest else text[:1].lower() + text[1:]


def _stamp(entry: str) -> list[int]:
    """Size and date of the file that holds an image."""
    try:
        status = os.stat(file_of(entry))
    except (OSError, ValueError):
        return []
    return [status.st_size, status.st_mtime_ns]


def _is_known(entry: str, stamp: list[int], known: Known) -> bool:
    old, one = known.get(entry, ([], Look()))
    return bool(stamp) and old == stamp and (one.file == entry or Path(one.file).exists())


def _load() -> Known:
    """What was found before; nothing where the file is missing or damaged."""
    try:
        rows = json.loads(METADATA.read_bytes())
        return {entry: (stamp, Look(*found)) for entry, (stamp, *found) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
