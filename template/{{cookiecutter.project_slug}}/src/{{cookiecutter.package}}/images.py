"""One image: read it, bring it to size, vary it. Pixels are RGB from 0 to 255, in whole numbers."""

from __future__ import annotations

import tensorflow as tf

from .source_settings import Data

STRENGTH = {"light": 0.1, "strong": 0.25}


def read_image(file: tf.Tensor, settings: Data) -> tf.Tensor:
    """An image file at the size that the model takes."""
    image = tf.io.decode_image(tf.io.read_file(file), channels=3, expand_animations=False)
    return fit(image, settings)


def fit(image: tf.Tensor, settings: Data) -> tf.Tensor:
    """Any image as a square: its middle, all of it between bars, or all of it stretched."""
    size = settings.image_size
    if settings.resize == "crop":
        shape = tf.shape(image)
        side = tf.minimum(shape[0], shape[1])
        top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
        image = tf.image.crop_to_bounding_box(image, top, left, side, side)
    if settings.resize == "pad":
        image = tf.image.resize_with_pad(image, size, size, antialias=True)
    else:
        image = tf.image.resize(image, (size, size), antialias=True)
    return tf.ensure_shape(pixels(image), (size, size, 3))


def distort(
    image: tf.Tensor, target: tf.Tensor, start: tf.Tensor, augment: str, settings: Data
) -> tuple[tf.Tensor, tf.Tensor]:
    """One random variation of an image, the same whenever the key is the same.

    A target that is a picture itself, such as a mask, moves with the image.
    """
    if augment == "none":
        return image, target
    strength, keys = STRENGTH[augment], tf.unstack(tf.random.split(start, 5), num=5)
    image = tf.cast(image, tf.float32)
    if target.shape.rank == 3:
        both = tf.concat([image, tf.cast(target, tf.float32)], axis=2)
        both = move(both, keys, strength, settings)
        image, target = both[..., :3], tf.cast(both[..., 3:], target.dtype)
    else:
        image = move(image, keys, strength, settings)
    image = tf.image.stateless_random_brightness(image, 255 * strength, keys[3])
    image = tf.image.stateless_random_contrast(image, 1 - strength, 1 + strength, keys[4])
    return pixels(image), target


def move(image: tf.Tensor, keys: list[tf.Tensor], strength: float, settings: Data) -> tf.Tensor:
    """Shift the image by whole pixels, and mirror it where that keeps its meaning."""
    size, channels = settings.image_size, image.shape[2]
    margin = round(strength * size)
    image = tf.pad(image, [[margin, margin], [margin, margin], [0, 0]], mode="REFLECT")
    image = tf.image.stateless_random_crop(image, (size, size, channels), keys[0])
    if settings.flip in ("horizontal", "both"):
        image = tf.image.stateless_random_flip_left_right(image, keys[1])
    if settings.flip == "both":
        image = tf.image.stateless_random_flip_up_down(image, keys[2])
    return image


def pixels(image: tf.Tensor) -> tf.Tensor:
    """Whole numbers take a quarter of the room, and are what a file would have held."""
    return tf.saturate_cast(tf.round(image), tf.uint8)
