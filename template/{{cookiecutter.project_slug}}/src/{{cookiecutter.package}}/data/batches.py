"""Examples to batches: shuffle, read, augment, prefetch.

The order of an epoch, and every random choice in it, is a function of the seed and the epoch's
number alone. A run that was stopped therefore goes on exactly as it would have.
"""

import math
import os

import tensorflow as tf

from ..config import Data
from ..examples import Examples
from ..hooks import kits
{% include ["task/" ~ cookiecutter.task ~ "/batches_imports.py", "task/_shared/batches_imports.py"] %}

AT_ONCE = 2 * (os.cpu_count() or 1)  # images decoded in parallel


def steps(examples: Examples, settings: Data) -> int:
    """Batches in an epoch, the last one possibly smaller."""
    return math.ceil(len(examples) / settings.batch_size)


def in_order(examples: Examples, settings: Data) -> tf.data.Dataset:
    """The examples once, as they stand."""
    indices = tf.data.Dataset.range(len(examples))
    return prefetched(read_batches(indices, examples, settings))


def shuffled(
    examples: Examples, settings: Data, augment: str, seed: int, first_epoch: int, epochs: int
) -> tf.data.Dataset:
    """The training batches of the epochs from ``first_epoch`` on, as one stream."""

    def epoch_of_batches(epoch: tf.Tensor) -> tf.data.Dataset:
        indices = shared(order(len(examples), seed, epoch), settings.batch_size)
        return read_batches(indices, examples, settings, augment, seed, epoch)

    stream = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_of_batches)
    return prefetched(stream)  # its length is unknown, or Keras would restart it at the end


{% include ["task/" ~ cookiecutter.task ~ "/batches.py", "task/_shared/batches.py"] %}


def order(count: int, seed: int, epoch: tf.Tensor) -> tf.Tensor:
    """The order of an epoch: all the examples, not a window of them, well mixed."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_shuffle(tf.range(count, dtype=tf.int64), seed=start)


def shared(indices: tf.Tensor, batch_size: int) -> tf.data.Dataset:
    """What this process reads of an epoch: all of it, unless a kit divides it."""
    for kit in kits():
        indices = kit.share(indices, batch_size) if kit.share else indices
    return tf.data.Dataset.from_tensor_slices(indices)


def key(seed: int, epoch: tf.Tensor | int, index: tf.Tensor) -> tf.Tensor:
    """The random seed for one example in one epoch."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_fold_in(start, tf.cast(index, tf.int64))


def prefetched(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Batches made while the model is at work.

    All parallelism is fixed: the thread that would tune it may sleep for a minute, and now and then
    the end of an epoch waits for it.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.prefetch(2).with_options(options)
