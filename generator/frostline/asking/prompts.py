"""Decides which questions the user is asked, whichever way of prompting is used.

The first four are always asked. The rest take their defaults unless the user wants to choose
among them, so that a newcomer is done after a minute. A question whose default is invalid, such
as the layers of --freeze layers, is asked in any case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from frostline.answers.question import Question, Value
from frostline.answers.questions import QUESTIONS
from frostline.answers.resolve import Check
from frostline.asking.keyboard import Keyboard, Option
from frostline.errors import UserError

FIRST = ("backbone", "task", "freeze", "name")


class Prompter:
    """Asks what flags and the answers file leave open."""

    def __init__(self, keyboard: Keyboard, given: Collection[str], check: Check) -> None:
        self._keyboard, self._given, self._check = keyboard, given, check
        self._more: Collection[str] | None = None  # the keys that the user wants to choose

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
        if not self._keyboard.confirm("Take the defaults for the rest?", True):
            options = [Option(question.key, question.prompt) for question in rest]
            return self._keyboard.pick("Which do you want to choose?", options, lambda _: None)
        return ()

    def _ask(self, question: Question, default: Value, earlier: dict[str, Any]) -> Value:
        if question.kind == "switch":
            return self._keyboard.confirm(question.prompt + "?", bool(default))
        if question.kind == "list" and question.choices:
            return self._pick(question, default, earlier)
        if options := self._options(question, earlier):
            return self._keyboard.choose(question, options, str(default))
        shown = str(default)
        if isinstance(default, list):
            shown = (question.separator or " ").join(default)
            between = "commas" if question.separator else "spaces"
            question = replace(question, prompt=f"{question.prompt}, separated by {between}")

        def validate(text: str) -> str | None:
            try:
                return self._refusal(question, question.read(text), earlier)
            except UserError as problem:
                return str(problem)

        return question.read(self._keyboard.text(question, shown, validate))

    def _pick(self, question: Question, default: Value, earlier: dict[str, Any]) -> Value:
        options = [
            Option(choice, facts, chosen=isinstance(default, list) and choice in default)
            for choice, facts in question.choices.items()
        ]

        def validate(picked: list[str]) -> str | None:
            return self._refusal(question, picked, earlier)

        return question.valid(self._keyboard.pick(question.prompt, options, validate))

    def _options(self, question: Question, earlier: dict[str, Any]) -> list[Option]:
        if question.key == "backbone":
            from frostline.backbones.show import facts, grouped

            return [Option(name, facts(name), group) for name, group in grouped()]
        return [
            Option(choice, words, refused=self._refusal(question, choice, earlier))
            for choice, words in question.choices.items()
        ]

    def _refusal(self, question: Question, value: Value, earlier: dict[str, Any]) -> str | None:
        try:
            self._check(question, value, earlier)
        except UserError as problem:
            return str(problem)
        return None
