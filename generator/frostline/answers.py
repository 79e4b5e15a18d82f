"""From what was given to a complete, checked set of answers.

A flag goes before the answers file, and the file before the default. The order of the questions
is the order of checking, so that each answer is looked at in the light of the earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frostline import checks
from frostline.context import context, environment
from frostline.errors import UserError, listed
from frostline.questions import QUESTIONS
from frostline.values import Question, Value, from_context

if TYPE_CHECKING:
    from jinja2 import Environment

Values = dict[str, Any]
Check = Callable[[Question, Value, Values], None]
Ask = Callable[[Question, Value, Values], Value | None]  # None leaves the question at its default


@dataclass(frozen=True)
class Given:
    """An answer that somebody gave, and where: in a file, or (no place) as a flag."""

    value: Value
    place: str = ""
    folder: Path = Path()  # what a relative path in the answer is relative to


@dataclass
class Answers:
    """The complete set of answers that a project is rendered from."""

    values: Values = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what was left aside on the way

    @cached_property
    def _jinja(self) -> Environment:
        return environment()

    def default(self, question: Question) -> Value:
        """The default after the answers so far."""
        text = question.default
        if question.key == "image_size" and self.values["backbone"] == "custom":
            from frostline import custom

            return custom.image_size(self.values["weights"]) or from_context(question, "224")
        if "{{" in text:
            text = self._jinja.from_string(text).render(cookiecutter=context(self.values))
        return from_context(question, text)


def resolve(
    given: Mapping[str, Given], ask: Ask | None = None, check: Check = checks.check
) -> Answers:
    """Answer every question from what was given, then by asking, then by default."""
    answers = Answers()
    for question in QUESTIONS:
        default = answers.default(question)
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
    """The checked answer that was given, if there is one and it makes a difference."""
    answer = given.get(question.key)
    if answer is None:
        return None
    try:
        if not question.applies(answers.values):
            answers.notes.append(_idle(question, answer, given, answers.values))
            return None
        value = answer.value
        if question.key == "weights" and value != default:
            value = checks.located(str(value), answer.folder)
        check(question, value, answers.values)
    except UserError as problem:
        if not answer.place:
            raise
        raise UserError(f"{answer.place}: {problem}") from None
    return value


def _idle(question: Question, answer: Given, given: Mapping[str, Given], values: Values) -> str:
    """Refuse an answer that changes nothing; only say so where a flag overtook its file."""
    assert question.matters
    other, wanted = question.matters
    sentence = (
        f"{question.flag} makes a difference with --{other} {listed(wanted)} only, "
        f"and --{other} is {values[other]}"
    )
    overtaken = answer.place and other in given and not given[other].place
    if not overtaken:
        raise UserError(sentence)
    return f"{answer.place}: left aside, since {sentence}"
