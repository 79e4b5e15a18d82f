"""Examples to batches: read, augment, shuffle, prefetch.

The order of an epoch, and every random choice in it, is a function of the seed and the epoch's
number alone. A run that was stopped therefore goes on exactly as it would have.
"""

from __future__ import annotations

import math

import tensorflow as tf

from . import task
from .examples import Examples
from .images import distort, read_image
from .source_settings import Data


def steps(examples: Examples, settings: Data) -> int:
    """Batches in an epoch, the last one possibly smaller."""
    return math.ceil(len(examples) / settings.batch_size)


def in_order(examples: Examples, settings: Data) -> tf.data.Dataset:
    """The examples once, as they stand: for validation, evaluation and prediction."""
    pairs = tf.data.Dataset.from_tensor_slices((list(examples.files), examples.targets))
    load = pairs.map(
        lambda file, target: load_example(file, target, settings),
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
            image, target = load_example(files[index], targets[index], settings)
            return distort(image, target, key(seed, epoch, index), augment, settings)

        indices = tf.data.Dataset.from_tensor_slices(order(len(examples), seed, epoch))
        return indices.map(load, num_parallel_calls=tf.data.AUTOTUNE).batch(settings.batch_size)

    stream = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_of_batches)
    return stream.prefetch(tf.data.AUTOTUNE)


def load_example(file: tf.Tensor, target: tf.Tensor, settings: Data) -> tuple[tf.Tensor, tf.Tensor]:
    """The image in a file, and what the model should say of it."""
    return read_image(file, settings), task.read_target(target, settings)


def order(count: int, seed: int, epoch: tf.Tensor) -> tf.Tensor:
    """The order of an epoch: all the examples, not a window of them, well mixed."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_shuffle(tf.range(count), seed=start)


def key(seed: int, epoch: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
    """Where the random choices for one example in one epoch begin."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_fold_in(start, tf.cast(index, tf.int64))
