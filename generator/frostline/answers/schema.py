"""The JSON Schema of an answers file, from the questions."""

from __future__ import annotations

from typing import Any

from frostline.answers.answers_file import VERSION_KEY
from frostline.answers.context import from_context
from frostline.answers.question import Question
from frostline.answers.questions import QUESTIONS
from frostline.backbones import catalogue


def schema() -> dict[str, Any]:
    """A schema of draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers of frostline",
        "type": "object",
        "properties": {
            VERSION_KEY: {"type": "string", "description": "The version that wrote the file."},
            **{question.key: _property(question) for question in QUESTIONS},
        },
        "additionalProperties": False,
        "allOf": [_only_with(question) for question in QUESTIONS if question.only_with],
    }


def _property(question: Question) -> dict[str, Any]:
    about: dict[str, Any] = {"description": question.explained}
    if "{{" not in question.default:
        about["default"] = from_context(question, question.default)
    return about | _type(question)


def _type(question: Question) -> dict[str, Any]:
    choices = catalogue.names() if question.key == "backbone" else question.choices
    item: dict[str, Any] = {"type": "string"} | ({"enum": list(choices)} if choices else {})
    match question.kind:
        case "switch":
            return {"type": "boolean"}
        case "integer":
            kind: dict[str, Any] = {"type": "integer", "minimum": 0}
        case "list":
            kind = {"type": "array", "items": item, "uniqueItems": question.key == "classes"}
        case _:
            return item
    return {"anyOf": [kind, {"enum": list(question.words)}]} if question.words else kind


def _only_with(question: Question) -> dict[str, Any]:
    """Absent, unless the answer that it depends on is given (or is the default)."""
    assert question.only_with
    other, wanted = question.only_with
    by_default = next(one.default for one in QUESTIONS if one.key == other) in wanted
    condition: dict[str, Any] = {"properties": {other: {"enum": list(wanted)}}}
    if not by_default:
        condition["required"] = [other]
    return {"if": {"required": [question.key]}, "then": condition}
