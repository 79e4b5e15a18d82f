"""Answers as cookiecutter's context has them, and the Jinja that reads them there.

In the context an integer is its digits, a list is JSON and a switch is "yes" or "no".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from frostline.answers.question import Question, Value
from frostline.template import template_context

if TYPE_CHECKING:
    from jinja2 import Environment

SETTINGS = {"trim_blocks": True, "lstrip_blocks": True}


def environment() -> Environment:
    """Cookiecutter's own Jinja environment: its filters, and undefined names are errors."""
    from cookiecutter.environment import StrictEnvironment

    jinja: Environment = StrictEnvironment(context={}, keep_trailing_newline=True, **SETTINGS)
    return jinja


def context(values: Mapping[str, Value]) -> dict[str, Any]:
    """The answers as texts, beside the private tables and settings of the template."""
    private = {
        key: value
        for key, value in template_context().items()
        if key.startswith("_") and not key.startswith("__")
    }
    return private | {key: to_context(value) for key, value in values.items()}


def to_context(value: Value) -> str:
    """The text that stands for the value in cookiecutter's context and in the template."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def from_context(question: Question, text: str) -> Value:
    """The value that an evaluated default stands for."""
    match question.kind:
        case "switch":
            return text == "yes"
        case "list":
            return question.valid(json.loads(text))
    return question.read(text)
