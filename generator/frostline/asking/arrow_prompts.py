"""Prompts on a terminal: arrow keys, and typing to filter a long list."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import questionary
from prompt_toolkit.output import create_output

from frostline.answers.question import Question
from frostline.asking.keyboard import Option, Validate, ValidateSeveral

MANY = 10  # options that one sees at a glance; a longer list can be filtered


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
        many = len(options) > MANY
        return str(
            questionary.select(
                question.prompt,
                choices=_choices(options),
                default=default,
                use_search_filter=many,
                use_jk_keys=not many,
                output=self._output,
            ).unsafe_ask()
        )

    def pick(self, message: str, options: Sequence[Option], validate: ValidateSeveral) -> list[str]:
        """Any of several."""
        picked: list[str] = questionary.checkbox(
            message,
            choices=_choices(options, several=True),
            validate=lambda picked: validate(picked) or True,
            output=self._output,
        ).unsafe_ask()
        return picked

    def confirm(self, message: str, default: bool) -> bool:
        """Yes or no."""
        return bool(questionary.confirm(message, default=default, output=self._output).unsafe_ask())


def _choices(options: Sequence[Option], several: bool = False) -> list[Any]:
    width = max(len(option.value) for option in options)
    return [
        questionary.Choice(
            f"{option.value.ljust(width)}  {option.facts}".rstrip(),
            value=option.value,
            disabled="not here" if option.refused else None,
            checked=several and option.chosen,
        )
        for option in options
    ]
