"""Examples to batches: decode, crop, resize, augment, shuffle, prefetch.

The order of an epoch, and every random choice in it, is a function of the seed and the epoch's
number alone. A run that was stopped therefore goes on exactly as it would have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from .config import Data

STRENGTH = {"light": 0.1, "strong": 0.25}


@dataclass(frozen=True)
class Examples:
    """Image files and what the model should say about each."""

    files: tuple[str, ...]
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True)
class Splits:
    """The examples of a project; no image is in two of the three."""

    classes: tuple[str, ...]
    train: Examples
    validation: Examples
    test: Examples


def steps(examples: Examples, settings: Data) -> int:
    """Batches in an epoch, the last one possibly smaller."""
    return math.ceil(len(examples) / settings.batch_size)


def in_order(examples: Examples, settings: Data) -> tf.data.Dataset:
    """The examples once, as they stand: for validation, evaluation and prediction."""
    pairs = tf.data.Dataset.from_tensor_slices((list(examples.files), examples.targets))
    load = pairs.map(
        lambda file, target: (read_image(file, settings.image_size), target),
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    return load.batch(settings.batch_size).prefetch(tf.data.AUTOTUNE)


def shuffled(
    examples: Examples, settings: Data, augment: str, seed: int, first_epoch: int, epochs: int
) -> tf.data.Dataset:
    """The training batches of the epochs from ``first_epoch`` on, as one endless-looking stream."""
    files, targets = tf.constant(list(examples.files)), tf.constant(examples.targets)

    def epoch_of_batches(epoch: tf.Tensor) -> tf.data.Dataset:
        def load(index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            image = read_image(files[index], settings.image_size)
            return distort(image, key(seed, epoch, index), augment, settings.flip), targets[index]

        indices = tf.data.Dataset.from_tensor_slices(order(len(examples), seed, epoch))
        return indices.map(load, num_parallel_calls=tf.data.AUTOTUNE).batch(settings.batch_size)

    stream = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_of_batches)
    return stream.prefetch(tf.data.AUTOTUNE)


def order(count: int, seed: int, epoch: tf.Tensor) -> tf.Tensor:
    """The order of an epoch: all the examples, not a window of them, well mixed."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_shuffle(tf.range(count), seed=start)


def key(seed: int, epoch: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
    """Where the random choices for one example in one epoch begin."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_fold_in(start, tf.cast(index, tf.int64))


def read_image(file: tf.Tensor, size: int) -> tf.Tensor:
    """An image file as RGB from 0 to 255: the largest square in its middle, at the given size."""
    image = tf.io.decode_image(tf.io.read_file(file), channels=3, expand_animations=False)
    shape = tf.shape(image)
    side = tf.minimum(shape[0], shape[1])
    image = tf.image.crop_to_bounding_box(
        image, (shape[0] - side) // 2, (shape[1] - side) // 2, side, side
    )
    image = tf.image.resize(image, (size, size), antialias=True)
    return tf.ensure_shape(image, (size, size, 3))


def distort(image: tf.Tensor, start: tf.Tensor, augment: str, flip: str) -> tf.Tensor:
    """One random variation of an image, the same whenever the key is the same."""
    if augment == "none":
        return image
    keys = tf.unstack(tf.random.split(start, 5), num=5)
    strength = STRENGTH[augment]
    size = image.shape[0]
    margin = round(strength * size)
    image = tf.pad(image, [[margin, margin], [margin, margin], [0, 0]], mode="REFLECT")
    image = tf.image.stateless_random_crop(image, (size, size, 3), keys[0])
    if flip in ("horizontal", "both"):
        image = tf.image.stateless_random_flip_left_right(image, keys[1])
    if flip == "both":
        image = tf.image.stateless_random_flip_up_down(image, keys[2])
    image = tf.image.stateless_random_brightness(image, 255 * strength, keys[3])
    image = tf.image.stateless_random_contrast(image, 1 - strength, 1 + strength, keys[4])
    return tf.clip_by_value(image, 0, 255)
