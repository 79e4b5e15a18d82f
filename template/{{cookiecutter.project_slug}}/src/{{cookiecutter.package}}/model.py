"""The backbone and a head as one flat model, and a list of what can be frozen in it.

Flat means that the layers of the backbone are layers of the model itself. A backbone nested
inside the model as a single layer hides its layers from `get_layer`, from `summary` and from
anything that cuts the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import keras

from . import backbone, task
from .config import Config, ConfigError
from .examples import Meaning
from .graph import find_blocks, last_maps
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
    keep = config.backbone.keep_head
    return keep_head(body, config) if keep else attach_head(body, config, meaning)


def attach_head(body: keras.Model, config: Config, meaning: Meaning) -> Network:
    """Put a new head on a network that ends in feature maps."""
    prediction = task.head(body, config.head, meaning)
    return _network(body, prediction, config.backbone.blocks or find_blocks(body), config)


def keep_head(body: keras.Model, config: Config) -> Network:
    """A whole model as it is; its layers after the last feature maps are the block `head`."""
    last, maps = last_maps(body) or (None, None)
    after = [] if last is None else body.layers[body.layers.index(last) + 1 :]
    if maps is None or not any(layer.weights for layer in after):
        raise ConfigError(
            f"{config.backbone.weights} has no last layers to keep after its feature maps; "
            "set keep_head = false in [backbone] of config.toml"
        )
    front = keras.Model(body.input, maps)
    found = {block: front.layers[int(start)].name for block, start in find_blocks(front).items()}
    blocks = config.backbone.blocks or {**found, "head": after[0].name}
    return _network(body, body.output, blocks, config)


def check_head(network: Network, config: Config, meaning: Meaning) -> None:
    """Refuse a head that was kept, unless it ends as a new one for the task would."""
    if not config.backbone.keep_head:
        return
    _, maps = last_maps(network.model) or (None, network.model.output)
    front = keras.Model(network.model.input, maps)
    wanted = task.head(front, config.head, meaning)
    given, last, file = network.model.output, network.model.layers[-1], config.backbone.weights
    advice = "set keep_head = false in [backbone] of config.toml to put a new head in its place"
    if given.shape[1:] != wanted.shape[1:]:
        raise ConfigError(
            f"{file} ends in the shape {given.shape[1:]}, and {', '.join(meaning.names)} take "
            f"{wanted.shape[1:]}; {advice}"
        )
    ends = [_activation(layer) for layer in (last, wanted._keras_history.operation)]
    if None not in ends and ends[0] != ends[1]:
        raise ConfigError(f"{file} ends in {ends[0]}, and the task takes {ends[1]}; {advice}")


def _activation(layer: keras.Layer) -> str | None:
    return getattr(getattr(layer, "activation", None), "__name__", None)


def _network(
    body: keras.Model,
    prediction: keras.KerasTensor,
    blocks: Mapping[str, int | str],
    config: Config,
) -> Network:
    own = [layer for layer in body.layers if not layer.name.startswith("preprocess_")]
    starts = _starts(own, blocks, config.backbone.name)
    members = [
        (_leaf(layer, position, owner, starts), layer)
        for position, top in enumerate(own)
        for layer, owner in _flatten(top)
    ]
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


def _starts(
    own: list[keras.Layer], blocks: Mapping[str, int | str], network: str
) -> dict[str, int]:
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
