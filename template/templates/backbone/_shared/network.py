"""The backbone and a head as one flat model.

Flat means that the layers of the backbone are layers of the model itself. A backbone nested
inside the model as a single layer hides its layers from `get_layer`, from `summary` and from
anything that cuts the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import keras

from ..config import Config
from ..examples import Meaning
from . import backbone
from .head import head


@dataclass(frozen=True)
class Network:
    """The model, and which of its layers were pretrained and which are new."""

    name: str
    model: keras.Model
    backbone: tuple[keras.Layer, ...]
    head: tuple[keras.Layer, ...]
    blocks: Mapping[str, int | str]  # the first layer of each block, by name or by position
    random: bool = False  # nothing in it was pretrained, and nobody has said that this is meant


def build(config: Config, meaning: Meaning) -> Network:
    """The whole model, as configured, with a head that says what is meant."""
    return attach_head(backbone.build(config.backbone, config.data.image_size), config, meaning)


def attach_head(body: keras.Model, config: Config, meaning: Meaning) -> Network:
    """Put a new head on a network that ends in feature maps."""
    model = keras.Model(body.input, head(body, config.head, meaning), name="model")
    own = {id(layer) for layer in body.layers}
    return Network(
        name=config.backbone.name,
        model=model,
        backbone=tuple(x for x in body.layers if not x.name.startswith("preprocess_")),
        head=tuple(layer for layer in model.layers if id(layer) not in own),
        blocks=config.backbone.blocks,
        random=config.backbone.weights == "none" and not config.backbone.allow_random,
    )
