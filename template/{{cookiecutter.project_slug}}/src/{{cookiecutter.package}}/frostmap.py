"""The frost map: what trains in a stage and what does not, block by block, before it begins."""

from __future__ import annotations

import math
from collections.abc import Iterable

import keras

from .config import Config
from .freezing import Frost
from .graph import frost_line
from .model import Network


def draw(network: Network, frost: Frost, config: Config, number: int) -> str:
    """One stage of the schedule as text."""
    stage = config.stage[number]
    count = len(config.stage)
    lines = [
        "",
        f"stage {number + 1} of {count}: {stage.name} · {stage.epochs} epochs · learning rate "
        f"{stage.learning_rate:g}, {stage.decay} · BatchNorm {config.backbone.batch_norm} · "
        f"augment {stage.augment}",
        f"  {'':<12}{'':<10}{'trainable':>12}{'frozen':>14}",
    ]
    for name, layers in _parts(network).items():
        lines.append("  " + _row(name, layers, frost))
    line = frost_line(network.model, frost.moving)
    where = f"after {line.name}" if line else "none: the first layers train"
    return "\n".join([*lines, f"  frost line: {where}", ""])


def _parts(network: Network) -> dict[str, list[keras.Layer]]:
    """The blocks of the backbone and the head, each with its layers."""
    parts: dict[str, list[keras.Layer]] = {}
    for leaf, layer in zip(network.leaves, network.layers, strict=True):
        parts.setdefault(leaf.block, []).append(layer)
    return {**parts, "head": list(network.head)}


def _row(name: str, layers: list[keras.Layer], frost: Frost) -> str:
    ids = {id(variable) for layer in layers for variable in layer.weights}
    trainable = count(v for v in frost.trainable if id(v) in ids)
    follows = any(id(v) in ids for v in frost.statistics)
    total = count(v for layer in layers for v in layer.weights)
    word = "trains" if trainable else "adapts" if follows else "frozen"
    mark = {"trains": "●", "adapts": "◐", "frozen": "❄"}[word]
    return f"{name:<12}{mark} {word:<8}{trainable:>12,}{total - trainable:>14,}"


def count(variables: Iterable[keras.Variable]) -> int:
    """How many numbers the variables hold."""
    return sum(math.prod(variable.shape) for variable in variables)
