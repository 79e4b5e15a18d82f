"""One image: read it and bring it to size. Pixels are RGB from 0 to 255, in whole numbers.

Training, evaluation, prediction and an exported model all call `decode`: the same bytes give the
same pixels. What is transparent is shown on white; 16 bits a channel become 8.
"""

from __future__ import annotations

import io

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from .orientation import turn_of, turned
from .source_settings import Data
from .storage import read_bytes

__all__ = ["decode", "fit", "is_plain", "read_image", "to_pixels", "turn_of"]

UPRIGHT = 1
HALVINGS = (1, 2, 4, 8)  # how much smaller a JPEG can be decoded at almost no cost
# Bits and colour type of a PNG with palette, grey or RGB. TensorFlow takes a palette of fewer bits
# for almost transparent.
WITH_ALPHA = ((8, 3), (8, 4), (16, 4), (8, 6), (16, 6))


def read_image(
    entry: tf.Tensor,
    settings: Data,
    turn: tf.Tensor | int | None = None,
    plain: bool = False,
) -> tf.Tensor:
    """An image at the size that the model takes; Pillow reads the kinds that TensorFlow cannot."""
    content = read_bytes(entry)
    if plain:
        return _jpeg(content, settings, plain)
    if isinstance(turn, int):
        return decode(content, turn, settings)
    turn = turn_of(content) if turn is None else tf.cast(turn, tf.int32)
    return tf.cond(
        turn == 0,
        lambda: fit(_by_pillow(content), settings),
        lambda: decode(content, turn, settings),
    )


def decode(content: tf.Tensor, turn: tf.Tensor | int, settings: Data) -> tf.Tensor:
    """The bytes of an image at the size that the model takes, without Python behind it.

    The finished square is turned, not the photo, which would cost a copy of all its pixels. Where
    all are known to be upright, as a plain number says, there is nothing in the graph to pay for.
    """
    square = tf.cond(
        tf.strings.substr(content, 0, 2) == b"\xff\xd8",
        lambda: _jpeg(content, settings),
        lambda: fit(_other(content), settings),
    )
    if isinstance(turn, int) and turn == UPRIGHT:
        return square
    return turned(square, tf.cast(turn, tf.int32))


def fit(image: tf.Tensor, settings: Data) -> tf.Tensor:
    """Any image as a square: its middle, all of it between bars, or all of it stretched."""
    if settings.resize == "crop":
        top, left, side = _middle(tf.shape(image))
        image = tf.image.crop_to_bounding_box(image, top, left, side, side)
    return _resized(image, settings)


def is_plain(width: int, height: int, settings: Data) -> bool:
    """Whether a JPEG of that size is decoded as it is, not at a half, a quarter or an eighth.

    Every choice in a graph costs: without any, reading a small photo takes a sixth less.
    """
    least = max(width, height) if settings.resize == "pad" else min(width, height)
    return least < HALVINGS[1] * settings.image_size


def _jpeg(content: tf.Tensor, settings: Data, plain: bool = False) -> tf.Tensor:
    """Only the part that is shown, and a large photo at a half, a quarter or an eighth."""
    shape = tf.io.extract_jpeg_shape(content)[:2]
    least = tf.reduce_max(shape) if settings.resize == "pad" else tf.reduce_min(shape)
    twice = [settings.image_size * ratio for ratio in HALVINGS[1:]]

    def decoded(ratio: int) -> tf.Tensor:
        how = {"channels": 3, "ratio": ratio, "dct_method": "INTEGER_ACCURATE"}
        if settings.resize != "crop":
            return tf.io.decode_jpeg(content, **how)
        top, left, side = _middle((shape + ratio - 1) // ratio)
        return tf.image.decode_and_crop_jpeg(content, [top, left, side, side], **how)

    if plain:
        return _resized(decoded(1), settings, antialias=False)
    choice = tf.reduce_sum(tf.cast(least >= twice, tf.int32))
    image = tf.switch_case(choice, [lambda ratio=ratio: decoded(ratio) for ratio in HALVINGS])
    return _resized(image, settings, antialias=False)


def _other(content: tf.Tensor) -> tf.Tensor:
    """A PNG, BMP, GIF or WebP at its full size."""
    kind = tf.io.decode_raw(tf.strings.substr(content + bytes(26), 0, 26), tf.uint8)
    png = tf.reduce_all(kind[:4] == tf.constant([0x89, 0x50, 0x4E, 0x47], tf.uint8))
    same = tf.reduce_all(kind[24:26] == tf.constant(WITH_ALPHA, tf.uint8), axis=1)
    alpha = png & tf.reduce_any(same)
    return tf.cond(
        alpha,
        lambda: _on_white(tf.io.decode_png(content, channels=4)),
        lambda: tf.io.decode_image(content, channels=3, expand_animations=False),
    )


def _on_white(image: tf.Tensor) -> tf.Tensor:
    """Red, green, blue and opacity as a picture on white paper."""
    image = tf.cast(image, tf.float32)
    opacity = image[..., 3:] / 255
    return _whole(image[..., :3] * opacity + 255 * (1 - opacity))


def _by_pillow(content: tf.Tensor) -> tf.Tensor:
    image = tf.numpy_function(to_pixels, [content], tf.uint8, stateful=False)
    return tf.ensure_shape(image, (None, None, 3))


def to_pixels(content: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(content)) as file:
        file.seek(0)
        image: Image.Image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight, as TensorFlow does
            grey = (np.asarray(image) >> 8).clip(0, 255).astype("uint8")
            return np.repeat(grey[..., None], 3, axis=2)
        if image.has_transparency_data:
            paper = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(paper, image.convert("RGBA"))
        return np.asarray(image.convert("RGB"))


def _resized(image: tf.Tensor, settings: Data, antialias: bool = True) -> tf.Tensor:
    """The square itself; one that has the right size already, as in packed data, is left alone.

    A JPEG is less than twice too large here and goes without antialiasing. To 224 pixels, a crop of
    375 by 375 takes 0.5 ms so, 1.0 ms by area and 2.4 ms with antialiasing, beside 1.2 ms for
    decoding it; the pixels of a noisy photo differ by 2 of 255 (root mean square).
    """
    size = settings.image_size

    def resized() -> tf.Tensor:
        if settings.resize == "pad":
            return _whole(tf.image.resize_with_pad(image, size, size, antialias=antialias))
        return _whole(tf.image.resize(image, (size, size), antialias=antialias))

    fits = tf.reduce_all(tf.shape(image)[:2] == size)
    return tf.ensure_shape(tf.cond(fits, lambda: image, resized), (size, size, 3))


def _middle(shape: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The top, the left and the side of the largest square in the middle."""
    side = tf.minimum(shape[0], shape[1])
    return (shape[0] - side) // 2, (shape[1] - side) // 2, side


def _whole(image: tf.Tensor) -> tf.Tensor:
    """Whole numbers take a quarter of the room, and are what a file would have held."""
    return tf.cast(image + 0.5, tf.uint8)  # no resizing leaves the range from 0 to 255
