"""The frost map: what trains in a stage and what does not, block by block, before it begins."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import keras

from ..config import Config
from ..examples import Meaning
from ..model.graph import frost_line
from ..model.network import build
from .freezer import Freezer, Frost
from .layers import by_block

MARKS = {"trains": "●", "adapts": "◐", "frozen": "❄"}


class Part(NamedTuple):
    """What a stage does to a block or to the head."""

    name: str
    state: str  # one of MARKS
    trainable: int
    frozen: int


def draw(freezer: Freezer, frost: Frost, config: Config, number: int) -> str:
    """One stage of the schedule as text."""
    stage, shown = config.stage[number], parts(freezer, frost)
    wide = max(12, *(len(part.name) + 2 for part in shown))
    lines = [
        "",
        f"stage {number + 1} of {len(config.stage)}: {stage.name} · "
        f"{'at most ' * bool(stage.patience)}{stage.epochs} epochs · "
        f"learning rate {stage.learning_rate:g}, {stage.decay} · "
        f"BatchNorm {config.backbone.batch_norm} · augment {stage.augment}",
        f"  {'':<{wide}}{'':<10}{'trainable':>12}{'frozen':>14}",
    ]
    for part in shown:
        mark = f"{MARKS[part.state]} {part.state}"
        lines.append(f"  {part.name:<{wide}}{mark:<10}{part.trainable:>12,}{part.frozen:>14,}")
    line = frost_line(freezer.network.model, frost.moving)
    where = f"after {line.name}" if line else "none: the first layers train"
    return "\n".join([*lines, f"  frost line: {where}", ""])


def parts(freezer: Freezer, frost: Frost) -> list[Part]:
    """The blocks of the backbone, from input to output, and the head."""
    layers = by_block(freezer.layers)
    layers.setdefault("head", []).extend(freezer.network.head)  # one that was kept is a block too
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


def untrained(config: Config) -> Freezer:
    """Of a model that need not know the data."""
    names = config.head.classes or ("?",) * (config.head.outputs or 1)
    return Freezer(build(config, Meaning(names)), config.backbone.batch_norm)
