"""Which questions are asked, whichever way they are asked.

The first few are asked always; the rest are offered together, so that a newcomer is done after
them. A question whose default cannot stand (the layers of --freeze layers) is asked in any case.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, Protocol

from frostline.answers import Check
from frostline.errors import UserError
from frostline.questions import QUESTIONS
from frostline.values import Question, Value

FIRST = ("backbone", "task", "freeze", "name")
Validate = Callable[[str], str | None]  # the sentence that refuses a text, or None


class Keyboard(Protocol):
    """A way of asking."""

    def text(self, question: Question, default: str, problem: Validate) -> str:
        """A text that passes; the sentence is shown until it does."""

    def choose(self, question: Question, options: Sequence[Option], default: str) -> str:
        """One of several."""

    def pick(self, message: str, options: Sequence[Option]) -> list[str]:
        """Any of several."""

    def confirm(self, message: str, default: bool) -> bool:
        """Yes or no."""


class Option:
    """A choice, what is known about it, why it cannot be taken, and whether it is by default."""

    def __init__(
        self, value: str, facts: str = "", refused: str = "", chosen: bool = False
    ) -> None:
        self.value, self.facts, self.refused, self.chosen = value, facts, refused, chosen


def keyboard() -> Keyboard:
    """Arrow keys on a terminal, lines elsewhere."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        from frostline.arrows import Arrows

        return Arrows()
    from frostline.lines import Lines

    return Lines()


class Prompter:
    """Asks what matters of what is left open."""

    def __init__(self, keys: Keyboard, given: Collection[str], check: Check) -> None:
        self._keys, self._given, self._check = keys, given, check
        self._more: Collection[str] | None = None

    def __call__(self, question: Question, default: Value, earlier: dict[str, Any]) -> Value | None:
        """The user's answer, or None to leave the question at its default."""
        if not question.applies(earlier) or len(question.choices) == 1:
            return None
        if question.key in FIRST:
            return self._ask(question, default, earlier)
        if self._more is None:
            self._more = self._offer(earlier)
        if question.key in self._more or self._refusal(question, default, earlier):
            return self._ask(question, default, earlier)
        return None

    def _offer(self, earlier: dict[str, Any]) -> Collection[str]:
        rest = [
            question
            for question in QUESTIONS
            if question.key not in FIRST
            and question.key not in self._given
            and question.applies(earlier)
            and len(question.choices) != 1
        ]
        if not self._keys.confirm("Take the defaults for the rest?", True):
            options = [Option(question.key, question.prompt) for question in rest]
            return self._keys.pick("Which do you want to choose?", options)
        return ()

    def _ask(self, question: Question, default: Value, earlier: dict[str, Any]) -> Value:
        if question.kind == "switch":
            return self._keys.confirm(question.prompt + "?", bool(default))
        options = self._options(question, default, earlier)
        if options and question.kind == "list":
            return question.valid(self._keys.pick(question.prompt, options))
        if options:
            return self._keys.choose(question, options, str(default))
        shown = str(default)
        if isinstance(default, list):
            shown = (question.separator or " ").join(default)
            between = "commas" if question.separator else "blanks"
            question = replace(question, prompt=f"{question.prompt}, with {between} between")

        def problem(text: str) -> str | None:
            try:
                self._check(question, question.read(text), earlier)
            except UserError as refusal:
                return str(refusal)
            return None

        return question.read(self._keys.text(question, shown, problem))

    def _options(self, question: Question, default: Value, earlier: dict[str, Any]) -> list[Option]:
        if question.key == "backbone":
            from frostline import catalogue
            from frostline.show import facts

            return [Option(name, facts(name)) for name in catalogue.names()]
        chosen = default if isinstance(default, list) else [default]
        return [
            Option(choice, words, self._refusal(question, choice, earlier), choice in chosen)
            for choice, words in question.choices.items()
        ]

    def _refusal(self, question: Question, value: Value, earlier: dict[str, Any]) -> str:
        try:
            self._check(question, value, earlier)
        except UserError as problem:
            return str(problem)
        return ""
