"""Converts images that TensorFlow decodes wrongly or not at all, as Pillow reads them.

These are transparent images, 16-bit and float images, PNGs with an EXIF orientation, and rare
formats. An exported model has no Pillow: `to_plain` converts what it refuses.
"""

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from ..config import ConfigError

PLAIN = {"JPEG": ("L", "RGB", "CMYK"), "MPO": ("L", "RGB"), "PNG": ("L", "RGB")}


def is_plain(image: Image.Image, data: bytes) -> bool:
    """Whether TensorFlow decodes the image to the same pixels as Pillow."""
    several = image.format == "PNG" and getattr(image, "is_animated", False)
    known = image.mode in PLAIN.get(str(image.format), ()) and "transparency" not in image.info
    if several or not known:
        return False
    try:
        with tf.device("CPU"):
            if data[:2] == b"\xff\xd8":  # at an eighth of the size all data are still read
                tf.io.decode_jpeg(data, channels=3, ratio=8)
            else:
                tf.io.decode_png(data, channels=3)
    except tf.errors.OpError:
        return False
    return True


def to_plain(image: Image.Image) -> Image.Image:
    """The image upright, on a white background, with 8 bits a channel."""
    form, image = image.format, ImageOps.exif_transpose(image)
    if image.mode[0] in "IF":
        values = np.asarray(image)
        clear = values == image.info.get("transparency")
        return Image.fromarray(np.where(clear, np.uint8(255), _eight_bits(values, form)))
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def _eight_bits(values: np.ndarray, form: str | None) -> np.ndarray:
    """From 0 to 255: 16 bits by their upper byte, as in TensorFlow; floats go up to 1 or 255."""
    low, high = values.min(), values.max()
    if values.dtype.kind == "f":
        top = 255 if high > 2 else 1  # in between it may be either
    else:
        top = 255 if form == "TIFF" and values.itemsize == 4 and high < 256 else 65535
    if not (low >= 0 and high <= top):
        raise ConfigError(
            f"its numbers go from {low:g} to {high:g}; write them as 8 or 16 bits, or as floats "
            "from 0 to 1 or 255"
        )
    return (values // 256 if top > 255 else values * (255 / top) + 0.5).astype("uint8")
