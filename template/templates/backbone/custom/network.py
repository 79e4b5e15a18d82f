"""A model of your own, with a new head or as it is, as one flat model.

Flat means that the layers of the backbone are layers of the model itself. A backbone nested
inside the model as a single layer hides its layers from `get_layer`, from `summary` and from
anything that cuts the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import keras

from ..config import Config
from ..examples import Meaning
from . import backbone, own
from .head import head


@dataclass(frozen=True)
class Network:
    """The model, and which of its layers were pretrained and which are new."""

    name: str
    model: keras.Model
    backbone: tuple[keras.Layer, ...]
    head: tuple[keras.Layer, ...]
    blocks: Mapping[str, int | str]  # the first layer of each block, by name or by position
    random: bool = False  # nothing in it was pretrained


def build(config: Config, meaning: Meaning) -> Network:
    """The whole model, as configured, with a head that says what is meant."""
    body = backbone.build(config.backbone, config.data.image_size)
    if config.backbone.keep_head:
        blocks = own.kept_blocks(body, config.backbone)
        own.check_head(body, config, meaning)
        return join(body, body.output, blocks, config)
    return attach_head(body, config, meaning)


def attach_head(body: keras.Model, config: Config, meaning: Meaning) -> Network:
    """Put a new head on a network that ends in feature maps."""
    blocks = config.backbone.blocks or own.find_blocks(body)
    return join(body, head(body, config.head, meaning), blocks, config)


def join(
    body: keras.Model,
    prediction: keras.KerasTensor,
    blocks: Mapping[str, int | str],
    config: Config,
) -> Network:
    """One model from the image to the prediction; layers that are not the body's are the head."""
    model = keras.Model(body.input, prediction, name="model")
    known = {id(layer) for layer in body.layers}
    return Network(
        name=config.backbone.name,
        model=model,
        backbone=tuple(own.without_preprocessing(body.layers)),
        head=tuple(layer for layer in model.layers if id(layer) not in known),
        blocks=blocks,
    )
