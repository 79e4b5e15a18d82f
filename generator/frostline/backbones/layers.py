"""The layers of a backbone of the catalogue, and what selectors choose among them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frostline.backbones import catalogue
from frostline.backbones.selectors import filter_ranges, selectors
from frostline.errors import UserError


@dataclass(frozen=True)
class Parameters:
    """The number of parameters of a leaf."""

    trainable: int
    statistics: int  # not trainable: moving mean and variance
    filters: int | None = None  # of a plain convolution, whose filters can be frozen


@functools.cache
def leaves(backbone: str) -> tuple[list[Any], list[Parameters]]:
    """The leaves of a backbone of the catalogue, in order, with their parameters."""
    blocks = catalogue.backbone(backbone).blocks
    leaf, rows = selectors().Leaf, catalogue.leaves(backbone)
    block_at = {
        position: block.name for block in blocks for position in range(block.start, block.stop)
    }
    return (
        [leaf(row.position, row.name, row.kind, block_at[row.position], row.owner) for row in rows],
        [Parameters(row.trainable, row.non_trainable, row.filters) for row in rows],
    )


def select(found: Sequence[Any], wanted: Sequence[str], network: str) -> list[bool]:
    """One flag per leaf; a selector that matches nothing is refused."""
    try:
        flags: list[bool] = selectors().select(found, wanted, network)
    except selectors().SelectorError as problem:
        join = "" if str(problem).endswith("?") else ";"
        listing = f"{join} 'frostline show {network}' lists the layers"
        known = network in catalogue.names()
        raise UserError(f"{problem}{listing if known else ''}") from None
    return flags


def held_parameters(entries: Sequence[str], backbone: str, training: Sequence[bool]) -> int:
    """How many parameters of the training layers belong to filters that stay frozen."""
    found, sizes = leaves(backbone)
    held: dict[int, set[int]] = {}
    for entry in entries:
        chosen = select(found, [filter_ranges().held_layer(entry)], backbone)
        for index, yes in enumerate(chosen):
            if yes and training[index]:
                positions = filter_ranges().held_positions(entry, sizes[index].filters)
                held.setdefault(index, set()).update(positions)
    per_filter = {index: sizes[index].trainable // (sizes[index].filters or 1) for index in held}
    return sum(per_filter[index] * len(filters) for index, filters in held.items())
