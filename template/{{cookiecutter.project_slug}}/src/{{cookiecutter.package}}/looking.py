"""A look at one image: its hash, size and orientation, and whether it can be read at all."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import NamedTuple

import tensorflow as tf
from PIL import Image, UnidentifiedImageError

from . import storage

ORIENTATION = 0x0112  # the EXIF tag
SIDEWAYS = 5  # from this one on, width and height change places
PILLOW = 0  # in place of an orientation: TensorFlow cannot decode the image as it is meant

# A large photo is no attack; what is too large to be one still is refused.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
Image.init()


class Look(NamedTuple):
    """What is known of an image."""

    digest: str = ""  # SHA-256 of its bytes
    width: int = 0  # before it is turned
    height: int = 0
    format: str = ""
    turn: int = 1  # what is left to do: EXIF orientation from 1 to 8; PILLOW does it by itself
    problem: str = ""  # why it cannot be read


def look(entry: str) -> Look:
    """Read an image and decode it far enough that no later decoding can fail."""
    try:
        entry.encode()
        data = storage.load(entry)
    except UnicodeEncodeError:
        return Look(problem="its name is not UTF-8; rename it")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        return Look(problem=reason[:1].lower() + reason[1:])
    digest = hashlib.sha256(data).hexdigest()
    try:
        return _decoded(data, digest)
    except Exception as problem:  # a damaged file can raise almost anything in a decoder
        return Look(digest, problem=_reason(data, problem))


def _decoded(data: bytes, digest: str) -> Look:
    with Image.open(io.BytesIO(data)) as image:
        turn = PILLOW
        if _plain(image, data) and _tensorflow_reads(data):
            turn = _orientation(image)
        else:
            image.load()
        size = image.size
        if turn == PILLOW and _orientation(image) >= SIDEWAYS:
            size = size[::-1]
        return Look(digest, *size, str(image.format), turn)


def _orientation(image: Image.Image) -> int:
    turn = image.getexif().get(ORIENTATION, 1)
    return turn if turn in range(1, 9) else 1


def _plain(image: Image.Image, data: bytes) -> bool:
    """Does TensorFlow show this kind of image as Pillow does, if it reads it at all?"""
    match image.format:
        case "JPEG" | "MPO":
            return image.mode in ("L", "RGB", "CMYK")
        case "PNG":  # transparency outside a palette or a channel is one colour's
            colour = image.mode in ("1", "L", "RGB") and "transparency" in image.info
            return not colour and not getattr(image, "is_animated", False)
        case "BMP":
            return data[28:30] == b"\x18\x00" and data[30:34] == bytes(4)  # 24 bits, as they are
    return False


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


def _reason(data: bytes, problem: Exception) -> str:
    if not data:
        return "it is empty"
    if isinstance(problem, UnidentifiedImageError):
        return "it is not an image of a kind that can be read"
    if isinstance(problem, Image.DecompressionBombError):
        return "it has too many pixels to be a photo"
    return f"it is damaged ({str(problem).splitlines()[0] if str(problem) else type(problem)})"
