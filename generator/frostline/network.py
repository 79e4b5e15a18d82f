"""The layers of a backbone, and the template's own selectors applied to them.

The selectors live once, in the generated project; that very file is run here.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from frostline import assets, catalogue
from frostline.errors import UserError

Earlier = dict[str, Any]


@dataclass(frozen=True)
class Parameters:
    """How many numbers a leaf holds: those that training may change, and the statistics."""

    trainable: int
    statistics: int
    filters: int | None = None  # of a convolution whose filters can be held


def selectors() -> ModuleType:
    """How layers are chosen."""
    return _of_template("freezing/selectors.py")


def ranges() -> ModuleType:
    """How filters are chosen."""
    return _of_template("kits/filters/{% if 'filters' in cookiecutter.kits %}ranges.py{% endif %}")


@functools.cache
def _of_template(file: str) -> ModuleType:
    """A module of the template, run from its source so that nothing is written there."""
    path = assets.template_dir() / assets.PROJECT / "src/{{cookiecutter.package}}" / file
    module = ModuleType(f"frostline._template.{file}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    return module


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
    """One flag per leaf, or the selector's sentence as the user's."""
    try:
        flags: list[bool] = selectors().select(found, wanted, network)
    except selectors().SelectorError as problem:
        join = "" if str(problem).endswith("?") else ";"
        listing = f"{join} 'frostline show {network}' lists the layers"
        known = network in catalogue.names()
        raise UserError(f"{problem}{listing if known else ''}") from None
    return flags


def check_selectors(wanted: Sequence[str], earlier: Earlier) -> None:
    """Refuse a selector that matches nothing, as far as that can be known before training."""
    if earlier["backbone"] == "custom":
        from frostline import custom

        found = custom.leaves(earlier["weights"], whole=earlier["head"] == "keep")
        # The blocks of a custom model are found in its graph, when it is loaded.
        wanted = [text for text in wanted if not text.removeprefix("!").startswith("block:")]
        if found:
            select(found, wanted, earlier["weights"])
    else:
        select(leaves(earlier["backbone"])[0], wanted, earlier["backbone"])


def check_trains(batch_norm: str, earlier: Earlier) -> None:
    """Refuse a choice of layers that leaves nothing to train."""
    if earlier["backbone"] == "custom":
        return
    found, sizes = leaves(earlier["backbone"])
    chosen = select(found, earlier["layers"], earlier["backbone"])
    learns = (
        size.trainable and (leaf.kind != "BatchNormalization" or batch_norm != "frozen")
        for leaf, size, yes in zip(found, sizes, chosen, strict=True)
        if yes
    )
    if not any(learns):
        raise UserError(
            f"--layers {' '.join(earlier['layers'])} chooses nothing that can train with "
            f"--batch-norm {batch_norm}: layers without weights, or BatchNorm, which that holds"
        )


def check_filters(entries: Sequence[str], earlier: Earlier) -> None:
    """Refuse filters that are not there, as far as that can be known before training."""
    if earlier["backbone"] == "custom":
        check_selectors([entry.rpartition(":")[0] for entry in entries], earlier)
        return
    found, sizes = leaves(earlier["backbone"])
    for entry in entries:
        try:
            chosen = select(found, [ranges().held_layer(entry)], earlier["backbone"])
            for size in (size for size, yes in zip(sizes, chosen, strict=True) if yes):
                ranges().held_positions(entry, size.filters)
        except ranges().RangeError as problem:
            raise UserError(f"--filters {problem}") from None


def held_parameters(entries: Sequence[str], backbone: str, training: Sequence[bool]) -> int:
    """How many parameters of the layers that train are in filters that stay as they are."""
    found, sizes = leaves(backbone)
    held: dict[int, set[int]] = {}
    for entry in entries:
        chosen = select(found, [ranges().held_layer(entry)], backbone)
        for index, yes in enumerate(chosen):
            if yes and training[index]:
                positions = ranges().held_positions(entry, sizes[index].filters)
                held.setdefault(index, set()).update(positions)
    per_filter = {index: sizes[index].trainable // (sizes[index].filters or 1) for index in held}
    return sum(per_filter[index] * len(filters) for index, filters in held.items())
