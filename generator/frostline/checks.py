"""The check of an answer: the rules, and what only the generator can look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from frostline import catalogue
from frostline.assets import template_context
from frostline.errors import UserError, did_you_mean
from frostline.rules import RULES
from frostline.values import Question, Value


class LocalFile(str):
    """A path as this command sees it; the project will see it from where it is made."""


def check(question: Question, value: Value, earlier: dict[str, Any]) -> None:
    """Refuse an answer that makes no sense after the earlier ones."""
    if question.key == "backbone":
        known_backbone(str(value))
        return
    facts = template_context()["_backbones"][earlier["backbone"]]
    problem = RULES[question.key](value, earlier, facts) if question.key in RULES else None
    if problem:
        raise UserError(problem)
    if question.key in ("layers", "filters") and isinstance(value, list):
        from frostline import network

        checks = {"layers": network.check_selectors, "filters": network.check_filters}
        checks[question.key](value, earlier)
    if question.key == "batch_norm" and earlier["freeze"] == "layers":
        from frostline import network

        network.check_trains(str(value), earlier)
    if question.key == "image_size" and earlier["backbone"] == "custom":
        _same_size(value, str(earlier["weights"]))


def known_backbone(name: str) -> None:
    """Refuse a name that the catalogue does not have."""
    names = catalogue.names()
    if name not in names:
        near = did_you_mean(name, names)
        raise UserError(f"no backbone '{name}'{near or ';'} 'frostline backbones' lists them all")


def located(text: str, folder: Path) -> str:
    """The file that an answer names, wherever it is named from; words stay as they are."""
    if text in ("", "imagenet", "none"):
        return text
    file = folder / text
    if not file.is_file():
        near = did_you_mean(text, ("imagenet", "none"))
        raise UserError(f"--weights names '{text}', and there is no such file{near}")
    return LocalFile(file)


def _same_size(pixels: Value, file: str) -> None:
    from frostline import custom

    fixed = custom.image_size(file)
    if fixed not in (None, pixels):
        raise UserError(f"{file} takes images of {fixed} pixels: --image-size {fixed}")
