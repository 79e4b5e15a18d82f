"""Turns what was given into a complete, validated set of answers.

A flag overrides the answers file, and the file the default. Answers are validated in the order of
the questions, each against the earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frostline.answers import checks
from frostline.answers.context import context, environment, from_context
from frostline.answers.question import Question, Value
from frostline.answers.questions import QUESTIONS
from frostline.errors import UserError, listed

if TYPE_CHECKING:
    from jinja2 import Environment

Values = dict[str, Any]
Check = Callable[[Question, Value, Values], None]
Ask = Callable[[Question, Value, Values], Value | None]  # None leaves the question at its default
Find = Callable[[Question, Value, Values], Value]  # a default that is known better from the data


@dataclass(frozen=True)
class Given:
    """An answer from a flag or from a file."""

    value: Value
    place: str = ""  # the file and line; empty for a flag
    folder: Path = Path()  # what a relative path in the answer is relative to


@dataclass
class Answers:
    """The complete set of answers that a project is rendered from."""

    values: Values = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # answers that were ignored, and why

    @cached_property
    def _jinja(self) -> Environment:
        return environment()

    def default(self, question: Question) -> Value:
        """The default, given the answers so far."""
        text = question.default
        if question.key == "image_size" and self.values["backbone"] == "custom":
            from frostline.backbones import own_model

            return own_model.image_size(self.values["weights"]) or from_context(question, "224")
        if "{{" in text:
            text = self._jinja.from_string(text).render(cookiecutter=context(self.values))
        return from_context(question, text)


def resolve(
    given: Mapping[str, Given],
    ask: Ask | None = None,
    check: Check = checks.check,
    find: Find | None = None,
) -> Answers:
    """Answer every question: from what was given, else by asking, else by default."""
    answers = Answers()
    for question in QUESTIONS:
        default = answers.default(question)
        if find and question.applies(answers.values):
            default = find(question, default, answers.values)
        value = _given(question, given, default, answers, check)
        if value is None and ask:
            value = ask(question, default, answers.values)
        if value is None:
            value = default
            if question.applies(answers.values):
                check(question, value, answers.values)
        answers.values[question.key] = value
    return answers


def _given(
    question: Question, given: Mapping[str, Given], default: Value, answers: Answers, check: Check
) -> Value | None:
    """The validated answer, if one was given and it has an effect."""
    answer = given.get(question.key)
    if answer is None:
        return None
    try:
        if not question.applies(answers.values):
            answers.notes.append(_ignored(question, answer, given, answers.values))
            return None
        value = answer.value
        if question.key in checks.LOCATED and value != default:
            value = checks.located(question.key, str(value), answer.folder)
        check(question, value, answers.values)
    except UserError as problem:
        if not answer.place:
            raise
        raise UserError(f"{answer.place}: {problem}") from None
    return value


def _ignored(question: Question, answer: Given, given: Mapping[str, Given], values: Values) -> str:
    """Refuse an answer without effect; where a flag overrode the file, only note it."""
    assert question.only_with
    other, wanted = question.only_with
    sentence = (
        f"{question.flag} applies only with --{other} {listed(wanted)}, "
        f"and --{other} is {values[other]}"
    )
    overridden = answer.place and other in given and not given[other].place
    if not overridden:
        raise UserError(sentence)
    return f"{answer.place}: ignored, since {sentence}"
