"""Filters of a convolution that stay as they are while the rest of its layer trains.

`trainable` knows whole layers only, and masking gradients is not enough: momentum moves a filter
after its last gradient and weight decay shrinks it without any. So the optimizer puts held filters
back within its update step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np

from .config import ConfigError
from .model import Network
from .selectors import SelectorError, held_layer, held_positions, select

Mask = list[bool]  # one flag for each filter, True where it is held


def held_filters(network: Network, entries: Sequence[str]) -> dict[int, Mask]:
    """For each ``LAYER:FIRST-LAST``, the layer's index in the network and its held filters."""
    held: dict[int, Mask] = {}
    for entry in entries:
        try:
            chosen = select(network.leaves, [held_layer(entry)], network.name)
            for index in np.flatnonzero(chosen).tolist():
                layer = network.layers[index]
                count = filter_count(layer)
                positions = held_positions(entry, count)
                if any(variable.constraint for variable in layer.variables):
                    raise SelectorError(f"'{entry}': the layer has a constraint, which moves all")
                mask = held.setdefault(index, [False] * count)
                for position in positions:
                    mask[position] = True
        except SelectorError as problem:
            raise ConfigError(f"keep_filters: {problem}") from None
    return held


def filter_count(layer: keras.Layer) -> int:
    """How many filters a convolution has; 0 for anything else."""
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return int(np.prod(layer.kernel.shape[-2:]))
    if isinstance(layer, keras.layers.Conv2D | keras.layers.Conv2DTranspose):
        return int(layer.filters)
    return 0


def masks(layer: keras.Layer, held: Mask) -> dict[str, np.ndarray]:
    """The mask of each variable of a convolution, shaped to be broadcast over it."""
    flags = np.array(held)
    kernel = {
        keras.layers.DepthwiseConv2D: (1, 1, *layer.kernel.shape[-2:]),
        keras.layers.Conv2DTranspose: (1, 1, -1, 1),
    }
    shape = next((s for kind, s in kernel.items() if isinstance(layer, kind)), (1, 1, 1, -1))
    found = {layer.kernel.path: flags.reshape(shape)}
    return {**found, layer.bias.path: flags} if layer.use_bias else found


def norms_after(network: Network, held: Iterable[int]) -> set[int]:
    """The ids of BatchNorms that read these layers directly: they would rescale what is held."""
    return {
        id(node.operation)
        for index in held
        for source in network.layers[index]._inbound_nodes
        for tensor in source.output_tensors
        for node in _readers(network.model, tensor)
        if isinstance(node.operation, keras.layers.BatchNormalization)
    }


def _readers(model: keras.Model, tensor: keras.KerasTensor) -> list[Any]:
    return [
        node
        for nodes in model._nodes_by_depth.values()
        for node in nodes
        if any(read is tensor for read in node.input_tensors)
    ]
