"""Random variations of an image, the same whenever the key is the same."""

from __future__ import annotations

import tensorflow as tf

from .source_settings import Data

STRENGTH = {"light": 0.1, "strong": 0.25}
SPARSE = 8


def distort(
    image: tf.Tensor, target: tf.Tensor, start: tf.Tensor, augment: str, settings: Data
) -> tuple[tf.Tensor, tf.Tensor]:
    """One variation: shifted, mirrored where that keeps the meaning, brighter or paler.

    A target that is a picture itself, such as a mask, moves with the image.
    """
    if augment == "none":
        return image, target
    strength = STRENGTH[augment]
    luck = tf.unstack(tf.random.stateless_uniform((6,), start), num=6)
    if target.shape.rank == 3:
        target = _move(target, luck[:4], strength, settings)
    return _tint(_move(image, luck[:4], strength, settings), luck[4:], strength), target


def _move(picture: tf.Tensor, luck: list[tf.Tensor], strength: float, settings: Data) -> tf.Tensor:
    """Shift by whole pixels, beyond the edge as in a mirror, and mirror all of it."""
    size, margin = settings.image_size, round(strength * settings.image_size)
    if settings.flip != "none":
        picture = _perhaps(picture, luck[2], axis=1)
    if settings.flip == "both":
        picture = _perhaps(picture, luck[3], axis=0)
    down, right = (tf.cast(part * (2 * margin + 1), tf.int32) for part in luck[:2])
    rows = size - 1 - tf.abs(size - 1 - tf.abs(tf.range(size) + down - margin))
    picture = tf.gather(picture, rows)
    # Columns: slices and mirrored edges are copied at a third of the cost of a gather.
    left, beyond = picture[:, 1 : margin + 1, :], picture[:, -margin - 1 : -1, :]
    wide = tf.concat([tf.reverse(left, [1]), picture, tf.reverse(beyond, [1])], 1)
    return tf.ensure_shape(wide[:, right : right + size, :], (size, size, picture.shape[2]))


def _perhaps(picture: tf.Tensor, luck: tf.Tensor, axis: int) -> tf.Tensor:
    return tf.cond(luck < 0.5, lambda: tf.reverse(picture, [axis]), lambda: picture)


def _tint(image: tf.Tensor, luck: list[tf.Tensor], strength: float) -> tf.Tensor:
    """Add to all pixels, and stretch what differs from the mean; some rows tell that well."""
    mean = tf.reduce_mean(tf.cast(image[::SPARSE], tf.float32))
    bright, vivid = (strength * (2 * part - 1) for part in luck)
    offset = 255 * bright - vivid * mean + 0.5  # so that cutting the fraction off rounds
    return tf.saturate_cast(tf.cast(image, tf.float32) * (1 + vivid) + offset, tf.uint8)
