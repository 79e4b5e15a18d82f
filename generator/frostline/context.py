"""From answers to the context that the template is rendered with, and the Jinja that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from frostline.values import Value, to_context

if TYPE_CHECKING:
    from jinja2 import Environment

SETTINGS = {"trim_blocks": True, "lstrip_blocks": True}


def environment() -> Environment:
    """Cookiecutter's own Jinja: strict about what is undefined, with its filters."""
    from cookiecutter.environment import StrictEnvironment

    jinja: Environment = StrictEnvironment(context={}, keep_trailing_newline=True, **SETTINGS)
    return jinja


def private() -> dict[str, Any]:
    """What the template knows without asking: its tables and settings."""
    from frostline.assets import template_context

    return {
        key: value
        for key, value in template_context().items()
        if key.startswith("_") and not key.startswith("__")
    }


def context(values: Mapping[str, Value]) -> dict[str, Any]:
    """The answers as the template reads them: texts, beside the private tables."""
    return private() | {key: to_context(value) for key, value in values.items()}
