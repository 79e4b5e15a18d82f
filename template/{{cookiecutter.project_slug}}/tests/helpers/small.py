"""A small network with the blocks of the real one, for tests that train."""

from __future__ import annotations

import gc

import keras
import tensorflow as tf

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.freezing.layers import freezable
from {{ cookiecutter.package }}.freezing.selectors import SelectorError, select
from {{ cookiecutter.package }}.model.network import Network, attach_head

from .made import MEANING, SIZE

tf.config.experimental.enable_op_determinism()
tf.config.experimental.enable_tensor_float_32_execution(False)  # a GPU would round to 10 bits
# Most of the time goes into graphs that run a few times: what costs more than it gives is off.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
tf.debugging.disable_traceback_filtering()
keras.config.disable_traceback_filtering()
gc.freeze()


def small_network_of(config: Config) -> Network:
    """The same small network every time."""
    keras.utils.set_random_seed(config.training.seed)
    return attach_head(small_backbone(list(config.backbone.blocks)), config, MEANING)


def small_backbone(blocks: list[str]) -> keras.Model:
    """A residual unit with BatchNorm and dropout for each block."""
    image = keras.Input((SIZE, SIZE, 3), name="image")
    x = keras.layers.Rescaling(1 / 255, name="preprocess_scale")(image)
    for number, block in enumerate(blocks):
        y = keras.layers.Conv2D(4, 3, padding="same", name=f"{block}_conv")(x)
        y = keras.layers.BatchNormalization(name=f"{block}_bn")(y)
        y = keras.layers.ReLU(name=f"{block}_relu")(y)
        y = keras.layers.Dropout(0.3, name=f"{block}_drop")(y)
        x = keras.layers.Add(name=f"{block}_add")([x, y]) if number else y
    return keras.Model(image, x)


def known_or_last(selectors: tuple[str, ...], network: Network) -> tuple[str, ...]:
    """Selectors, or the last block where they choose nothing in the small network."""
    try:
        select([one.leaf for one in freezable(network)], selectors, network.name)
    except SelectorError:
        return ("block:-1",)
    return selectors
