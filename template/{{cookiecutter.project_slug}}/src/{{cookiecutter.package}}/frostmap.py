"""The frost map: what trains in a stage and what does not, block by block, before it begins."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import keras

from .config import Config
from .freezing import Frost
from .graph import frost_line
from .model import Network

MARKS = {"trains": "●", "adapts": "◐", "frozen": "❄"}


class Part(NamedTuple):
    """What a stage does to a block or to the head."""

    name: str
    state: str  # one of MARKS
    trainable: int
    frozen: int


def draw(network: Network, frost: Frost, config: Config, number: int) -> str:
    """One stage of the schedule as text."""
    stage = config.stage[number]
    count = len(config.stage)
    shown = parts(network, frost)
    wide = max(12, *(len(part.name) + 2 for part in shown))
    lines = [
        "",
        f"stage {number + 1} of {count}: {stage.name} · {stage.epochs} epochs · learning rate "
        f"{stage.learning_rate:g}, {stage.decay} · BatchNorm {config.backbone.batch_norm} · "
        f"augment {stage.augment}",
        f"  {'':<{wide}}{'':<10}{'trainable':>12}{'frozen':>14}",
    ]
    for part in shown:
        mark = f"{MARKS[part.state]} {part.state}"
        lines.append(f"  {part.name:<{wide}}{mark:<10}{part.trainable:>12,}{part.frozen:>14,}")
    line = frost_line(network.model, frost.moving)
    where = f"after {line.name}" if line else "none: the first layers train"
    return "\n".join([*lines, f"  frost line: {where}", ""])


def parts(network: Network, frost: Frost) -> list[Part]:
    """The blocks of the backbone, from input to output, and the head."""
    layers: dict[str, list[keras.Layer]] = {}
    for leaf, layer in zip(network.leaves, network.layers, strict=True):
        layers.setdefault(leaf.block, []).append(layer)
    layers.setdefault("head", []).extend(network.head)  # a head that was kept is a block as well
    return [_part(name, of, frost) for name, of in layers.items()]


def _part(name: str, layers: list[keras.Layer], frost: Frost) -> Part:
    ids = {id(variable) for layer in layers for variable in layer.weights}
    trainable = count(v for v in frost.trainable if id(v) in ids)
    follows = any(id(v) in ids for v in frost.statistics)
    total = count(v for layer in layers for v in layer.weights)
    state = "trains" if trainable else "adapts" if follows else "frozen"
    return Part(name, state, trainable, total - trainable)


def count(variables: Iterable[keras.Variable]) -> int:
    """How many numbers the variables hold."""
    return sum(math.prod(variable.shape) for variable in variables)
