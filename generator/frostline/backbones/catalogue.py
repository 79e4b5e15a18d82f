"""The backbones of keras.applications and the bundled one, surveyed by `make catalogue`.

The survey is stored in `data/`, so that TensorFlow is not needed here. Each file is read on first
use.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from frostline.errors import UserError, did_you_mean

DATA = Path(__file__).parent / "data"


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
    """One entry; what is unknown of a `custom` model until it is loaded is None."""

    name: str
    module: str  # application | tiny | custom
    image_size: int
    min_size: int
    channels: int | None  # of the feature maps that the head pools
    parameters: int | None
    weights: str  # imagenet, the file that comes with the project, or "" for the user's own
    weights_mb: float | None
    layers: int | None
    preprocessing: str  # caffe | tf | torch | inside
    norm_layers: int | None
    norm_kinds: tuple[str, ...]
    top1: float | None  # percent, on ImageNet, as published
    top5: float | None
    blocks: tuple[Block, ...]
    taps: dict[int, int]  # stride -> position after which a decoder's skip is taken
    batch_size: int
    rate_shift: int  # the template's learning rates are multiplied by ten to this power


@dataclass(frozen=True)
class Leaf:
    """A layer without layers inside; its position is that of `owner`, the container around it."""

    position: int
    name: str | None  # None where Keras numbers the name, which then differs from run to run
    kind: str
    trainable: int
    non_trainable: int
    owner: str | None
    filters: int | None  # of a plain convolution


def names() -> tuple[str, ...]:
    """Every backbone: the bundled one first, the user's own model last."""
    applications = sorted(_entries().keys() - {"tiny", "custom"})
    return ("tiny", *applications, "custom")


def check_name(name: str) -> None:
    """Refuse a name that the catalogue does not have."""
    if name not in names():
        near = did_you_mean(name, names())
        raise UserError(f"no backbone '{name}'{near or ';'} 'frostline backbones' lists them all")


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
    """The leaves of a backbone from input to output; none for `custom`."""
    if name == "custom":
        return ()
    return tuple(Leaf(*row) for row in _read("layers", f"{name}.json"))


@functools.cache
def _entries() -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = _read("backbones.json")["backbones"]
    return entries


def _read(*path: str) -> Any:
    return json.loads(DATA.joinpath(*path).read_text("utf-8"))
