"""Prompts on a terminal: a line to edit, a list to choose from, yes or no."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import questionary
from prompt_toolkit.output import create_output

from frostline.answers.question import Question
from frostline.asking.keyboard import Option, Validate, ValidateSeveral
from frostline.asking.list_prompt import ListPrompt


class ArrowPrompts:
    """Prompts on stderr, so that stdout holds nothing but the result."""

    def __init__(self) -> None:
        self._output = create_output(stdout=sys.stderr)

    def text(self, question: Question, default: str, validate: Validate) -> str:
        """A text, validated while it is typed."""
        return str(
            questionary.text(
                question.prompt,
                default=default,
                validate=lambda text: validate(text) or True,
                output=self._output,
            ).unsafe_ask()
        )

    def choose(self, question: Question, options: Sequence[Option], default: str) -> str:
        """One of several, with what is known about each."""
        prompt = ListPrompt(question.prompt, options, default, lambda _: None)
        return prompt.ask(self._output)[0]

    def pick(self, message: str, options: Sequence[Option], validate: ValidateSeveral) -> list[str]:
        """Any of several."""
        return ListPrompt(message, options, None, validate).ask(self._output)

    def confirm(self, message: str, default: bool) -> bool:
        """Yes or no."""
        return bool(questionary.confirm(message, default=default, output=self._output).unsafe_ask())
