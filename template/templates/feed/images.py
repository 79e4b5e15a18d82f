"""What a stage trains, and what it trains from."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import tensorflow as tf

from . import data
from .config import Config, Stage
from .examples import Splits
from .freezing import Frost
from .model import Network
from .replicas import Anew


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
    """The whole model, fed with images."""
    seed = config.training.seed + config.stage.index(stage)
    return Feed(
        model=network.model,
        train=data.shuffled(
            splits.train, config.data, stage.augment, seed, first_epoch, stage.epochs
        ),
        steps=data.steps(splits.train, config.data),
        validation=data.shared_out(splits.validation, config.data),
    )
