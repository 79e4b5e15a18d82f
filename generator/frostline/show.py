"""What the catalogue knows: `frostline backbones` and `frostline show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

from frostline import catalogue, network
from frostline.errors import UserError, did_you_mean
from frostline.tables import count, table


def facts() -> dict[str, str]:
    """A few words about each backbone: its size and accuracy."""
    return {name: _facts(name) for name in catalogue.names()}


def _facts(name: str) -> str:
    if name == "custom":
        return "your own .keras or .h5 model"
    found = catalogue.backbone(name)
    size = f"{found.parameters / 1e6:5.1f} M parameters, {found.weights_mb:5.0f} MB"
    if name == "tiny":
        return f"{size}, bundled: for a first try, offline"
    return f"{size}, top-1 {found.top1} %" if found.top1 else size


def backbones(pattern: str | None, as_json: bool) -> str:
    """The catalogue, or the part of it whose names match."""
    names = _matching(pattern) if pattern else list(catalogue.names())
    if as_json:
        rows = [{"name": name} | _summary(name) for name in names]
        return json.dumps(rows, indent=2)
    titles = ("backbone", "pixels", "parameters", "MB", "top-1", "layers", "blocks", "norms")
    return table(titles, [_row(name) for name in names], right=range(1, 8))


def backbone(name: str, as_json: bool) -> str:
    """One backbone: its blocks, its layers and what it takes."""
    known_backbone(name)
    if name == "custom":
        raise UserError("what custom is, your model's file says; 'frostline plan' looks into it")
    if as_json:
        return json.dumps({"name": name} | _summary(name) | _details(name), indent=2)
    found = catalogue.backbone(name)
    blocks = [
        [block.name, f"{block.start}:{block.stop}", count(block.parameters)]
        for block in found.blocks
    ]
    layers = [
        [str(leaf.position), leaf.name or "-", leaf.kind, leaf.block, count(sum(numbers))]
        for leaf, numbers in _layers(name)
    ]
    return "\n\n".join(
        [
            f"{name}: {_facts(name).strip()}\n"
            f"images from {found.min_size} pixels, {found.image_size} by default; "
            f"preprocessing: {found.preprocessing}; "
            f"normalisation: {', '.join(found.norm_kinds) or 'none'}",
            table(("block", "positions", "parameters"), blocks, right=(2,)),
            table(("position", "layer", "kind", "block", "parameters"), layers, right=(0, 4)),
            "a layer without a name is numbered by Keras anew in every run: "
            "choose it by its position",
        ]
    )
