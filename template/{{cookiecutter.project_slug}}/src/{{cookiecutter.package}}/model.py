"""The backbone and a new head as one flat model, and a list of what can be frozen in it.

Flat means that the layers of the backbone are layers of the model itself. A backbone nested
inside the model as a single layer hides its layers from `get_layer`, from `summary` and from
anything that cuts the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import keras

from . import backbone, task
from .config import Config, ConfigError
from .examples import Meaning
from .graph import find_blocks
from .selectors import Leaf, stable_name


@dataclass(frozen=True)
class Network:
    """The model, and the backbone's layers in the order and under the names one selects by."""

    name: str
    model: keras.Model
    leaves: tuple[Leaf, ...]
    layers: tuple[keras.Layer, ...]  # the layer behind each leaf
    head: tuple[keras.Layer, ...]


def build(config: Config, meaning: Meaning) -> Network:
    """The whole model, as configured, with a head that says what is meant."""
    body = backbone.build(config.backbone, config.data.image_size)
    return attach_head(body, config, meaning)


def attach_head(body: keras.Model, config: Config, meaning: Meaning) -> Network:
    """Put a new head on a network that ends in feature maps."""
    own = [layer for layer in body.layers if not layer.name.startswith("preprocess_")]
    starts = _starts(own, config.backbone.blocks or find_blocks(body), config.backbone.name)
    members = [
        (_leaf(layer, position, owner, starts), layer)
        for position, top in enumerate(own)
        for layer, owner in _flatten(top)
    ]
    prediction = task.head(body, config.head, meaning)
    model = keras.Model(body.input, prediction, name="model")
    inherited = {id(layer) for layer in body.layers}
    return Network(
        name=config.backbone.name,
        model=model,
        leaves=tuple(leaf for leaf, _ in members),
        layers=tuple(layer for _, layer in members),
        head=tuple(layer for layer in model.layers if id(layer) not in inherited),
    )


def _flatten(
    layer: keras.Layer, owner: keras.Layer | None = None
) -> Iterator[tuple[keras.Layer, keras.Layer | None]]:
    """The leaves of a layer, each with the outermost container that holds it."""
    if not isinstance(layer, keras.Model):
        yield layer, owner
        return
    for inner in layer.layers:
        yield from _flatten(inner, owner or layer)


def _leaf(
    layer: keras.Layer, position: int, owner: keras.Layer | None, starts: dict[str, int]
) -> Leaf:
    return Leaf(
        position=position,
        name=stable_name(layer.name, type(layer).__name__),
        kind=type(layer).__name__,
        block=[block for block, start in starts.items() if start <= position][-1],
        owner=stable_name(owner.name, type(owner).__name__) if owner else None,
    )


def _starts(own: list[keras.Layer], blocks: dict[str, int | str], network: str) -> dict[str, int]:
    """The position of each block's first layer; where a name is given, that layer's."""
    positions = {layer.name: position for position, layer in enumerate(own)}
    starts: dict[str, int] = {}
    for block, first in blocks.items():
        if isinstance(first, str) and first not in positions:
            raise ConfigError(
                f"[backbone.blocks]: {block} starts at layer '{first}', which {network} has not"
            )
        starts[block] = positions[first] if isinstance(first, str) else first
    found = list(starts.values())
    if found != sorted(set(found)) or found[0] != 0 or found[-1] >= len(own):
        raise ConfigError(
            f"[backbone.blocks]: the blocks of {network} start at the positions {found}; they must "
            f"begin with 0, rise, and stay below its {len(own)} layers"
        )
    return starts
