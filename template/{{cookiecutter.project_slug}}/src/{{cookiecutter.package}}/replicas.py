"""Several devices that train as one: each takes its part of every batch.

A batch is shared out before anything of it is read, and every example counts as much as any other.
What the devices learn together is therefore what one device learns from the whole batch. Which
devices there are is up to TensorFlow's strategy, in whose scope all of this runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from .config import ConfigError
from .workers import team

Loss = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Part:
    """What this process takes of an epoch: places in its order, and how many for each step."""

    places: np.ndarray
    sizes: np.ndarray  # a step takes one of them for each of the worker's own replicas
    whole: bool  # there is one replica, which takes everything

    def of(self, order: tf.Tensor) -> tf.data.Dataset:
        """This process's part of the epoch's order."""
        return tf.data.Dataset.from_tensor_slices(
            order if self.whole else tf.gather(order, self.places)
        )

    def cut(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Batches, cut to the sizes that the steps take."""
        return batches if self.whole else batches.rebatch(self.sizes)


class Anew(NamedTuple):
    """What is asked for after every epoch."""

    batches: tf.data.Dataset
    steps: int | None  # of each time; None: to the end


def part(count: int, size: int) -> Part:
    """This process's part of so many examples, in batches of a size that all replicas share."""
    crew = team()
    if min(size, count) % crew.replicas:
        raise ConfigError(
            f"batches of {size} of {count} training images cannot be shared equally by "
            f"{crew.replicas} devices; change batch_size in [data] of config.toml"
        )
    starts = np.arange(0, count, size)
    held = np.minimum(size, count - starts)
    if held[-1] < crew.replicas:
        raise ConfigError(
            f"{count} training images in batches of {size} end with one of {held[-1]}, too few "
            f"for {crew.replicas} devices; change batch_size in [data] of config.toml"
        )
    bounds = starts[:, None] + held[:, None] * np.arange(crew.replicas + 1) // crew.replicas
    first, last = crew.own.start, crew.own.stop
    places = [np.arange(row[first], row[last]) for row in bounds]
    sizes = np.diff(bounds[:, first : last + 1]).ravel()
    return Part(np.concatenate(places), sizes, crew.replicas == 1)


def each(size: int) -> int:
    """How much of a batch one replica takes."""
    return -(-size // team().replicas)


def own_rows(count: int, size: int) -> tuple[np.ndarray, int]:
    """Where order does not matter: this process's examples, and how many a replica takes at once.

    Keras wants parts of one size in the first step, even of fewer examples than a batch holds.
    """
    crew = team()
    if count < crew.replicas:
        raise ConfigError(
            f"{crew.replicas} devices cannot share {count} images; see validation in [data] and "
            "strategy in [devices] of config.toml"
        )
    return np.arange(crew.worker, count, crew.workers), min(each(size), count // crew.replicas)


def spread(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Batches that are parts already: one after the other for each replica of this process."""
    strategy = tf.distribute.get_strategy()
    if strategy.num_replicas_in_sync == 1:
        return batches
    # Keras would take the number of parts for that of steps.
    parts = _uncounted(batches)
    return strategy.distribute_datasets_from_function(lambda context: parts)


def anew(batches: tf.data.Dataset, steps: int) -> Anew:
    """Batches for after every epoch, when Keras begins them again.

    At the end of batches that it can count, it begins them once more, and nobody reads them. So one
    replica is given batches without an end, and the number of steps; several find the end.
    """
    if team().replicas == 1:
        return Anew(batches.repeat(), steps)
    return Anew(spread(batches), None)


def _uncounted(batches: tf.data.Dataset) -> tf.data.Dataset:
    """The same batches, of a number that nobody knows beforehand."""
    return batches.filter(lambda *batch: tf.constant(True))


def fair(loss: Loss) -> Loss:
    """The loss, with gradients in which an example of a small part counts as one of a large part.

    Keras takes the mean of each part, and then the mean of these: the last batch of an epoch may
    not divide evenly. The value of the loss stays as it is.
    """
    if team().replicas == 1:
        return loss

    def weighted(targets: Any, outputs: Any) -> Any:
        losses = loss(targets, outputs)
        context = tf.distribute.get_replica_context()
        if context is None:  # Keras only asks for shapes
            return losses
        mine = tf.cast(tf.shape(losses)[0], losses.dtype)
        share = context.num_replicas_in_sync * mine / context.all_reduce("SUM", mine)
        still = tf.stop_gradient(losses)
        return still + share * (losses - still)

    return weighted


def join_batch_norms(layers: Iterable[keras.Layer]) -> None:
    """Let each BatchNorm see the whole batch, as it would on one device."""
    if team().replicas > 1:
        for layer in layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.synchronized = True
