"""The layers of the backbone that can be frozen, in order, under the names one selects by."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import keras

from ..config import ConfigError
from ..model.network import Network
from .selectors import Leaf, stable_name


@dataclass(frozen=True)
class Freezable:
    """A layer that holds no other layers, and what selectors know of it."""

    leaf: Leaf
    layer: keras.Layer


def freezable(network: Network) -> tuple[Freezable, ...]:
    """The leaves of the backbone, each in its block."""
    starts, found = _starts(network), []
    for position, top in enumerate(network.backbone):
        block = [block for block, start in starts.items() if start <= position][-1]
        for layer, owner in _flatten(top):
            names = _name(layer), type(layer).__name__, block, owner and _name(owner)
            found.append(Freezable(Leaf(position, *names), layer))
    return tuple(found)


def refuse_random(network: Network, chosen: Iterable[bool], stage: str) -> None:
    if network.random and not all(chosen):
        raise ConfigError(
            f"[[stage]] '{stage}' freezes random layers, since weights is 'none' in [backbone]: "
            "take pretrained weights, train all with train = ['block:*'], or set "
            "allow_random = true there if it is meant"
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


def _name(layer: keras.Layer) -> str | None:
    return stable_name(layer.name, type(layer).__name__)


def _starts(network: Network) -> dict[str, int]:
    """The position of each block's first layer; where a name is given, that layer's."""
    positions = {layer.name: position for position, layer in enumerate(network.backbone)}
    starts: dict[str, int] = {}
    for block, first in network.blocks.items():
        if isinstance(first, str) and first not in positions:
            raise ConfigError(
                f"[backbone.blocks]: {block} starts at layer '{first}', which {network.name} "
                "has not"
            )
        starts[block] = positions[first] if isinstance(first, str) else first
    found = list(starts.values())
    if found != sorted(set(found)) or found[0] != 0 or found[-1] >= len(positions):
        raise ConfigError(
            f"[backbone.blocks]: the blocks of {network.name} start at the positions {found}; "
            f"they must begin with 0, rise, and stay below its {len(positions)} layers"
        )
    return starts


def by_block(layers: Sequence[Freezable]) -> dict[str, list[keras.Layer]]:
    """The blocks from input to output, each with its layers."""
    found: dict[str, list[keras.Layer]] = {}
    for one in layers:
        found.setdefault(one.leaf.block, []).append(one.layer)
    return found
