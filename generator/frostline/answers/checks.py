"""Validates one answer against the earlier ones: the rules, and what takes a look at a file.

The rules run in the hook of stock cookiecutter too. Names of layers, filters and files are
validated here only, since the hook has neither the catalogue nor the user's folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from frostline.answers.question import Question, Value
from frostline.answers.rules.table import RULES
from frostline.backbones import catalogue, layers
from frostline.backbones.selectors import filter_ranges
from frostline.errors import UserError, did_you_mean
from frostline.template import template_context

Earlier = Mapping[str, Any]
WORDS = ("imagenet", "none")  # what --weights takes besides a file
LOCATED = ("weights", "images", "table")  # paths, relative to the folder they are given in


class LocalFile(str):
    """A path relative to the current folder, which is not yet relative to the project."""


def check(question: Question, value: Value, earlier: dict[str, Any]) -> None:
    """Refuse an answer that makes no sense after the earlier ones."""
    if question.key == "backbone":
        catalogue.check_name(str(value))
        return
    facts = template_context()["_backbones"][earlier["backbone"]]
    problem = RULES[question.key](value, earlier, facts) if question.key in RULES else None
    if problem:
        raise UserError(problem)
    if question.key in FURTHER:
        FURTHER[question.key](value, earlier)


def located(key: str, text: str, folder: Path) -> str:
    """The file or folder that an answer names, relative to `folder`; words stay as they are."""
    if text == "" or (key == "weights" and text in WORDS):
        return text
    file = folder / os.path.expanduser(text)
    if key == "weights" and not file.is_file():
        near = did_you_mean(text, WORDS)
        raise UserError(f"--weights names '{text}', and there is no such file{near}")
    return LocalFile(file)


def _image_size(pixels: int, earlier: Earlier) -> None:
    """Refuse a size that a model of the user's own was not built for."""
    if earlier["backbone"] != "custom":
        return
    from frostline.backbones import own_model

    fixed = own_model.image_size(str(earlier["weights"]))
    if fixed not in (None, pixels):
        raise UserError(
            f"{earlier['weights']} takes images of {fixed} pixels: --image-size {fixed}"
        )


def _layers(wanted: Sequence[str], earlier: Earlier) -> None:
    """Refuse a selector that matches nothing, as far as that can be known before training."""
    if earlier["backbone"] != "custom":
        layers.select(layers.leaves(earlier["backbone"])[0], wanted, earlier["backbone"])
        return
    from frostline.backbones import own_model

    found = own_model.leaves(earlier["weights"], whole=earlier["head"] == "keep")
    # The blocks of a custom model are found in its graph, when it is loaded.
    wanted = [text for text in wanted if not text.removeprefix("!").startswith("block:")]
    if found:
        layers.select(found, wanted, earlier["weights"])


def _filters(entries: Sequence[str], earlier: Earlier) -> None:
    """Refuse filters that do not exist, as far as that can be known before training."""
    if earlier["backbone"] == "custom":
        _layers([entry.rpartition(":")[0] for entry in entries], earlier)
        return
    found, sizes = layers.leaves(earlier["backbone"])
    for entry in entries:
        try:
            layer = filter_ranges().held_layer(entry)
            chosen = layers.select(found, [layer], earlier["backbone"])
            for size in (size for size, yes in zip(sizes, chosen, strict=True) if yes):
                filter_ranges().held_positions(entry, size.filters)
        except ValueError as problem:  # its message is meant for the user
            raise UserError(f"--filters {problem}") from None


def _batch_norm(policy: str, earlier: Earlier) -> None:
    """Refuse --layers that leave nothing to train under this BatchNorm policy."""
    if earlier["freeze"] != "layers" or earlier["backbone"] == "custom":
        return
    found, sizes = layers.leaves(earlier["backbone"])
    chosen = layers.select(found, earlier["layers"], earlier["backbone"])
    trains = (
        size.trainable and (leaf.kind != "BatchNormalization" or policy != "frozen")
        for leaf, size, yes in zip(found, sizes, chosen, strict=True)
        if yes
    )
    if not any(trains):
        raise UserError(
            f"--layers {' '.join(earlier['layers'])} chooses nothing that can train with "
            f"--batch-norm {policy}: layers without weights, or BatchNorm layers, which that "
            "policy freezes"
        )


# What the hook cannot validate, after the rule of the same question.
FURTHER: dict[str, Callable[[Any, Earlier], None]] = {
    "image_size": _image_size,
    "layers": _layers,
    "filters": _filters,
    "batch_norm": _batch_norm,
}
