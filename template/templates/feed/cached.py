"""What a stage trains, and what it trains from.

What lies before the frost line gives the same answer in every epoch. So it runs once over the
images, and the stage trains the rest of the model from the stored outputs. The rest shares its
layers with the whole, which is therefore trained as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import click
import keras
import tensorflow as tf

from . import data
from .config import Config, Stage
from .examples import Splits
from .freezing import Frost
from .graph import Cut, frost_line, split
from .model import Network
from .outputs import Outputs, stored_outputs
from .replicas import Anew, anew, each, own_rows, part, spread
from .store import ahead

WORTHWHILE = 0.05  # a smaller part of the network is run again for less than its outputs cost


@dataclass(frozen=True)
class Feed:
    """The model that a stage fits, and its batches."""

    model: keras.Model
    train: tf.data.Dataset
    steps: int  # batches in an epoch
    validation: Anew


def open_feed(
    network: Network,
    frost: Frost,
    config: Config,
    splits: Splits,
    stage: Stage,
    first_epoch: int,
) -> Feed:
    """The part behind the frost line, fed with stored outputs, where that is cheaper."""
    seed = config.training.seed + config.stage.index(stage)
    settings = config.data
    steps = data.steps(splits.train, settings)
    line = frost_line(network.model, frost.moving)
    views = 1 if stage.augment == "none" else config.cache.views
    if line is None or share(line, network.model) < WORTHWHILE:
        click.echo(f"stage '{stage.name}' trains from the images: {why_not(line)}")
    elif views:
        before, after = split(network.model, line)
        train = stored_outputs(before, splits.train, config, stage.augment, seed, views)
        validation = stored_outputs(before, splits.validation, config)
        if train and validation:
            return Feed(
                model=after,
                train=shuffled(train, settings.batch_size, seed, first_epoch, stage.epochs),
                steps=steps,
                validation=in_order(validation, settings.batch_size),
            )
    return Feed(
        model=network.model,
        train=data.shuffled(splits.train, settings, stage.augment, seed, first_epoch, stage.epochs),
        steps=steps,
        validation=data.shared_out(splits.validation, settings),
    )


def share(line: Cut, model: keras.Model) -> float:
    """How much of the network lies before a cut, in layers with weights."""
    before, whole = (sum(bool(x.weights) for x in layers) for layers in (line.layers, model.layers))
    return before / whole


def why_not(line: Cut | None) -> str:
    """The reason not to store anything, as the end of a sentence."""
    if line is None or not any(layer.weights for layer in line.layers):
        return "no part of the network is frozen as a whole"
    return f"its frozen part can be cut off only after {line.name}, too early to save much"


def in_order(outputs: Outputs, batch_size: int) -> Anew:
    """Stored outputs as they stand, for after every epoch."""
    rows, size = own_rows(outputs.count, batch_size)
    if len(rows) == outputs.count:
        batches = outputs.batches(size)
    else:
        indices = tf.data.Dataset.from_tensor_slices(rows).batch(size)
        batches = indices.map(outputs.rows, num_parallel_calls=data.CORES)
    return anew(ahead(batches), math.ceil(len(rows) / size))


def shuffled(
    outputs: Outputs, batch_size: int, seed: int, first_epoch: int, epochs: int
) -> tf.data.Dataset:
    """Stored outputs in the order in which the images themselves would come."""
    own = part(outputs.count, batch_size)

    def epoch_of_batches(epoch: tf.Tensor) -> tf.data.Dataset:
        order = tf.cast(data.order(outputs.count, seed, epoch), tf.int64)
        order += outputs.count * (epoch % outputs.views)
        indices = own.cut(own.of(order).batch(each(batch_size)))
        return indices.map(outputs.rows, num_parallel_calls=data.CORES)

    stream = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_of_batches)
    return spread(ahead(stream))
