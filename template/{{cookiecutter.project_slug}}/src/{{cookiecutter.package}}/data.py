"""Examples to batches: read or look up, augment, shuffle, prefetch.

The order of an epoch, and every random choice in it, is a function of the seed and the epoch's
number alone. A run that was stopped therefore goes on exactly as it would have.
"""

from __future__ import annotations

import math
import os
from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf

from . import task
from .augment import distort
from .examples import Examples
from .images import UPRIGHT, read_image
from .kept import kept_images
from .progress import followed
from .replicas import Anew, anew, each, own_rows, part, spread
from .source_settings import Data
from .store import Store, ahead
from .workers import team

CORES = os.cpu_count() or 1
AT_ONCE = 2 * CORES  # images in work: some wait to join a batch while others are decoded


def steps(examples: Examples, settings: Data) -> int:
    """Batches in an epoch, the last one possibly smaller."""
    return math.ceil(len(examples) / settings.batch_size)


def in_order(examples: Examples, settings: Data, again: bool = False) -> tf.data.Dataset:
    """The examples once, as they stand; what is asked for after every epoch is decoded once."""
    if not again:
        return one_view(examples, settings)
    store = _Source(examples, settings, again=True).filled()
    if store is None:
        return one_view(examples, settings)
    rows = tf.data.Dataset.range(len(examples)).batch(settings.batch_size)
    return ahead(rows.map(lambda rows: store.gather(rows)[1:]))


def shared_out(examples: Examples, settings: Data) -> Anew:
    """The examples for after every epoch, each to one of the replicas."""
    rows, size = own_rows(len(examples), settings.batch_size)
    part = settings.model_copy(update={"batch_size": size})
    own = examples if team().workers == 1 else examples.rows(rows)
    return anew(in_order(own, part, again=True), steps(own, part))


def shuffled(
    examples: Examples, settings: Data, augment: str, seed: int, first_epoch: int, epochs: int
) -> tf.data.Dataset:
    """The training batches of the epochs from ``first_epoch`` on, as one endless-looking stream."""
    own = part(len(examples), settings.batch_size)
    # One of several workers never sees all the images in an epoch, so it keeps none.
    source = _Source(examples, _part_of_a_batch(settings), again=team().workers == 1)

    def epoch_of_batches(epoch: tf.Tensor) -> tf.data.Dataset:
        indices = own.of(order(len(examples), seed, epoch))
        return own.cut(source.varied(indices, augment, seed, epoch))

    stream = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_of_batches)
    return spread(_counted(stream, (epochs - first_epoch) * len(own.sizes)))


def one_view(
    examples: Examples,
    settings: Data,
    augment: str = "none",
    seed: int = 0,
    epoch: int = 0,
    again: bool = False,
    rows: np.ndarray | None = None,
) -> tf.data.Dataset:
    """The examples as they stand, each as it looks in an epoch; all of them or some rows."""
    settings = _part_of_a_batch(settings)
    source = _Source(examples, settings, again)
    chosen = np.arange(len(examples)) if rows is None else rows

    def batches(epoch: tf.Tensor) -> tf.data.Dataset:
        indices = tf.data.Dataset.from_tensor_slices(chosen)
        return source.varied(indices, augment, seed, epoch)

    stream = tf.data.Dataset.range(epoch, epoch + 1).flat_map(batches)
    return _counted(stream, math.ceil(len(chosen) / settings.batch_size))


def _part_of_a_batch(settings: Data) -> Data:
    """The settings, with a batch that is what one replica takes of the whole."""
    return settings.model_copy(update={"batch_size": each(settings.batch_size)})


def _counted(stream: tf.data.Dataset, count: int) -> tf.data.Dataset:
    """Batches made while the model is at work, of a number that Keras may rely on."""
    return ahead(stream.apply(tf.data.experimental.assert_cardinality(count)))


class _Source:
    """Examples by their number: decoded the first time, gathered from where they are kept later."""

    def __init__(self, examples: Examples, settings: Data, again: bool) -> None:
        self.settings = settings
        self.files = tf.constant(list(examples.files))
        self.turns = tf.constant(examples.turns)
        self.targets = tf.constant(examples.targets)
        pixels = settings.model_copy(update={"batch_size": 1, "keep": "off"})  # decide about none
        self.reader = reader(pixels, bool((examples.turns == UPRIGHT).all()), examples.plain)
        parts = (tf.TensorSpec((), x.dtype) for x in (self.files, self.turns))
        target = tf.TensorSpec(self.targets.shape[1:], self.targets.dtype)
        single = self.reader.get_concrete_function(*parts, target).structured_outputs
        specs = [((len(examples), *part.shape), part.dtype.name) for part in single]
        self.store: Store | None = kept_images(examples, settings, specs) if again else None

    def load(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return self.reader(self.files[index], self.turns[index], self.targets[index])

    def filled(self) -> Store | None:
        """The store with everything in it; None where nothing is kept."""
        if self.store is not None and not self.store.full:
            batches = ahead(self.batches(tf.data.Dataset.range(len(self.files))))
            count = math.ceil(len(self.files) / self.settings.batch_size)
            for _ in followed(batches, count, "decoding images"):
                pass
        return self.store

    def varied(
        self, indices: tf.data.Dataset, augment: str, seed: int, epoch: tf.Tensor
    ) -> tf.data.Dataset:
        """Batches of images, varied as befits the epoch, and of targets."""
        batches = self.batches(indices)
        if augment == "none":
            return batches.map(lambda indices, images, targets: (images, targets))

        def vary(index: tf.Tensor, image: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return distort(image, target, key(seed, epoch, index), augment, self.settings)

        singles = batches.unbatch().map(vary, num_parallel_calls=AT_ONCE)
        return singles.batch(self.settings.batch_size)

    def batches(self, indices: tf.data.Dataset) -> tf.data.Dataset:
        """Batches of indices, images and targets.

        The store is filled while the first epoch trains, which costs that epoch nothing: decoding
        everything before it would leave the model waiting.
        """
        size, store = self.settings.batch_size, self.store

        def load(index: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return index, *self.load(index)

        if store is None:
            return indices.map(load, num_parallel_calls=AT_ONCE).batch(size)
        full = tf.ensure_shape(tf.numpy_function(lambda: store.full, [], tf.bool), ())
        everything, nothing = tf.constant(-1, tf.int64), tf.constant(0, tf.int64)
        fresh = indices.take(tf.where(full, nothing, everything))
        fresh = fresh.map(load, num_parallel_calls=AT_ONCE).batch(size)
        fresh = fresh.map(store.record, num_parallel_calls=CORES)
        kept = indices.take(tf.where(full, everything, nothing)).batch(size)
        return fresh.concatenate(kept.map(store.gather, num_parallel_calls=CORES))


@cache
def reader(settings: Data, upright: bool, plain: bool) -> Any:
    """From an entry to the image in it, and what the model should say of that.

    Tracing this takes half a second, so every dataset of a run shares it. AutoGraph is off, for it
    would read the source of every function on the way.
    """

    @tf.function(autograph=False)
    def read(file: tf.Tensor, turn: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        image = read_image(file, settings, UPRIGHT if upright else turn, plain)
        return image, task.read_target(target, settings)

    return read


def single(settings: Data, target: tf.DType = tf.int32) -> Any:
    """The same for one example at a time, outside a pipeline; several threads may call it."""
    parts = (tf.TensorSpec((), kind) for kind in (tf.string, tf.uint8, target))
    return reader(settings, upright=False, plain=False).get_concrete_function(*parts)


def order(count: int, seed: int, epoch: tf.Tensor) -> tf.Tensor:
    """The order of an epoch: all the examples, not a window of them, well mixed."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_shuffle(tf.range(count, dtype=tf.int64), seed=start)


def key(seed: int, epoch: tf.Tensor, index: tf.Tensor) -> tf.Tensor:
    """Where the random choices for one example in one epoch begin."""
    start = tf.stack([tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_fold_in(start, tf.cast(index, tf.int64))
