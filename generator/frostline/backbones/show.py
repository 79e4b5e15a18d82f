"""The output of `frostline backbones` and `frostline show`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

from frostline.backbones import catalogue
from frostline.backbones.catalogue import Backbone, Leaf
from frostline.errors import UserError, did_you_mean
from frostline.tables import count, table

RECOMMENDED = ("tiny", "MobileNetV2", "EfficientNetV2B0", "ConvNeXtTiny")  # small for what they do
FAMILIES = (
    "ConvNeXt",
    "DenseNet",
    "EfficientNetV2",  # before the name that is part of its own
    "EfficientNet",
    "Inception",
    "MobileNet",
    "NASNet",
    "ResNet",
    "VGG",
    "Xception",
)


def facts(name: str) -> str:
    """The size and accuracy of a backbone, in a few words."""
    found = catalogue.backbone(name)
    if found.parameters is None or found.weights_mb is None:
        return "your own .keras or .h5 model"
    words = f"{found.parameters / 1e6:5.1f} M parameters {found.weights_mb:6.0f} MB"
    if name == "tiny":
        return f"{words}  bundled, for a first try offline"
    return f"{words}  {found.top1} % top-1" if found.top1 else words


def grouped() -> list[tuple[str, str]]:
    """Every backbone with its group: a few that are good to begin with, then the families."""
    names = catalogue.names()
    found = [(name, "good to begin with") for name in RECOMMENDED]
    others = [name for name in names if name not in RECOMMENDED]
    for family in (*FAMILIES, ""):
        mine = [name for name in others if name.startswith(family)]
        found += [(name, family or "others") for name in mine]
        others = [name for name in others if name not in mine]
    return found


def backbones(pattern: str | None, as_json: bool) -> str:
    """The catalogue, or the backbones whose names match."""
    found = [catalogue.backbone(name) for name in _matching(pattern)]
    if as_json:
        return json.dumps([_summary(one) for one in found], indent=2)
    titles = ("backbone", "pixels", "parameters", "MB", "top-1 %", "layers", "blocks", "norms")
    rows = [
        (
            one.name,
            str(one.image_size),
            count(one.parameters),
            _number(one.weights_mb),
            _number(one.top1),
            _number(one.layers),
            str(len(one.blocks)) if one.blocks else "",
            _number(one.norm_layers),
        )
        for one in found
    ]
    return table(titles, rows, right=range(1, 8))


def backbone(name: str, as_json: bool) -> str:
    """One backbone: its input, blocks and layers."""
    catalogue.check_name(name)
    if name == "custom":
        raise UserError(
            "custom stands for your own model; 'frostline plan --backbone custom --weights FILE' "
            "shows what trains in it"
        )
    found = catalogue.backbone(name)
    if as_json:
        blocks = [asdict(block) for block in found.blocks]
        layers = [asdict(leaf) | {"block": block} for leaf, block in _placed(found)]
        return json.dumps(_summary(found) | {"blocks": blocks, "layers": layers}, indent=2)
    return f"{_about(found)}\n\n{_blocks(found)}\n\n{_layers(found)}"


def _about(found: Backbone) -> str:
    kind = "inside the network" if found.preprocessing == "inside" else found.preprocessing
    return "\n".join(
        [
            f"{found.name}: {facts(found.name).strip()}",
            f"images: {found.image_size} pixels, {found.min_size} at least",
            f"preprocessing: {kind}",
            f"normalisation: {found.norm_layers} layers ({', '.join(found.norm_kinds) or 'none'})",
        ]
    )


def _blocks(found: Backbone) -> str:
    rows = [
        (block.name, f"{block.start}:{block.stop}", count(block.parameters))
        for block in found.blocks
    ]
    return table(("block", "positions", "parameters"), rows, right=(1, 2))


def _layers(found: Backbone) -> str:
    """Every leaf; a name that Keras numbers is not shown, as it differs from run to run."""
    rows = [
        (
            str(leaf.position),
            leaf.name or "(by position)",
            leaf.kind,
            block,
            count(leaf.trainable + leaf.non_trainable),
        )
        for leaf, block in _placed(found)
    ]
    titles = ("position", "layer", "kind", "block", "parameters")
    return table(titles, rows, right=(0, 4))


def _placed(found: Backbone) -> Iterator[tuple[Leaf, str]]:
    """Each leaf with the name of its block."""
    leaves = catalogue.leaves(found.name)
    for block in found.blocks:
        for leaf in leaves:
            if block.start <= leaf.position < block.stop:
                yield leaf, block.name


def _summary(found: Backbone) -> dict[str, Any]:
    entry = asdict(found)
    hidden = ("module", "batch_size", "rate_shift", "weights")  # for the template only
    blocks = [block.name for block in found.blocks]
    return {key: value for key, value in entry.items() if key not in hidden} | {"blocks": blocks}


def _matching(pattern: str | None) -> list[str]:
    """Names that contain the pattern or match it as a glob, ignoring case."""
    names = catalogue.names()
    if pattern is None:
        return list(names)
    wanted = pattern.casefold()
    found = [
        name for name in names if wanted in name.casefold() or fnmatchcase(name.casefold(), wanted)
    ]
    if not found:
        near = did_you_mean(pattern, names)
        raise UserError(
            f"no backbone like '{pattern}'{near or ';'} 'frostline backbones' lists all"
        )
    return found


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
