"""What is known about each backbone: read from `data/`, which `make catalogue` writes.

Nothing here needs TensorFlow; a file is read when somebody first asks for what is in it.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Block:
    """A part of a backbone that is frozen or trained as a whole: layers `start` to `stop` - 1."""

    name: str
    start: int
    stop: int
    first: str | int  # its first layer, by name or, where Keras numbers the name, by position
    parameters: int


@dataclass(frozen=True)
class Backbone:
    """One entry; what a `custom` model keeps to itself until it is loaded is None."""

    name: str
    module: str  # application | tiny | custom
    image_size: int
    min_size: int
    channels: int | None  # of the feature maps that the head pools
    parameters: int | None
    weights: str  # imagenet, or the file that comes with the project, or "" for the user's own
    weights_mb: float | None
    layers: int | None
    preprocessing: str  # caffe | tf | torch | inside
    norm_layers: int | None
    norm_kinds: tuple[str, ...]
    top1: float | None  # percent, on ImageNet, as published
    top5: float | None
    blocks: tuple[Block, ...]
    taps: dict[int, int]  # stride -> position behind which the skip of a decoder is taken
    epochs: int
    batch_size: int
    rate_shift: int  # the template's learning rates are multiplied by ten to this power


@dataclass(frozen=True)
class Leaf:
    """A layer without layers inside; `owner` is the container around it, whose position it has."""

    position: int
    name: str | None  # None where Keras numbers the names of a kind, anew in every process
    kind: str
    trainable: int
    non_trainable: int
    owner: str | None
    filters: int | None  # of a plain convolution


def names() -> tuple[str, ...]:
    """Every backbone: the bundled one first, the user's own model last."""
    applications = sorted(_entries().keys() - {"tiny", "custom"})
    return ("tiny", *applications, "custom")


@functools.cache
def backbone(name: str) -> Backbone:
    """One backbone; a KeyError for a name that is not in `names()`."""
    entry = {**_entries()[name], "name": name}
    entry["blocks"] = tuple(Block(**block) for block in entry["blocks"])
    entry["taps"] = {
        int(stride): entry["taps"][stride] for stride in sorted(entry["taps"], key=int)
    }
    entry["norm_kinds"] = tuple(entry["norm_kinds"])
    return Backbone(**{field.name: entry[field.name] for field in fields(Backbone)})


@functools.cache
def leaves(name: str) -> tuple[Leaf, ...]:
    """The leaves of a backbone from input to output; none for `custom`, which no survey knows."""
    if name == "custom":
        return ()
    return tuple(Leaf(*row) for row in _read("layers", f"{name}.json"))


@functools.cache
def _entries() -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = _read("backbones.json")["backbones"]
    return entries


def _read(*path: str) -> Any:
    return json.loads(resources.files("frostline").joinpath("data", *path).read_text("utf-8"))
