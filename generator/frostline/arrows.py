"""Questions with arrow keys and type-to-filter, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import questionary
from prompt_toolkit.output import create_output

from frostline.prompts import Option, Validate
from frostline.values import Question

MANY = 10  # as many as one sees at a glance; longer lists are worth filtering


class Arrows:
    """Asks on stderr, so that stdout holds nothing but the result."""

    def __init__(self) -> None:
        self._output = create_output(stdout=sys.stderr)

    def text(self, question: Question, default: str, problem: Validate) -> str:
        """A text, refused while it is typed."""

        def validate(text: str) -> bool | str:
            return problem(text) or True

        return str(
            questionary.text(
                question.prompt, default=default, validate=validate, output=self._output
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

    def pick(self, message: str, options: Sequence[Option]) -> list[str]:
        """Any of several."""
        picked: list[str] = questionary.checkbox(
            message, choices=_choices(options, several=True), output=self._output
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
