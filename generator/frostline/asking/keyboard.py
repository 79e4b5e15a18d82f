"""What each way of prompting offers: a text, one of several, any of several, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from frostline.answers.question import Question

# The sentence that refuses what was entered, or None.
Validate = Callable[[str], str | None]
ValidateSeveral = Callable[[list[str]], str | None]


@dataclass(frozen=True)
class Option:
    """A choice in a list."""

    value: str
    facts: str = ""  # shown beside it
    group: str = ""  # shown above it and its neighbours
    refused: str | None = None  # why it cannot be chosen
    chosen: bool = False  # whether it is the default, or one of several that are


class Keyboard(Protocol):
    """A way of prompting."""

    def text(self, question: Question, default: str, validate: Validate) -> str:
        """A valid text; an invalid one is refused with its sentence, and asked for again."""

    def choose(self, question: Question, options: Sequence[Option], default: str) -> str:
        """One of several."""

    def pick(self, message: str, options: Sequence[Option], validate: ValidateSeveral) -> list[str]:
        """Any of several."""

    def confirm(self, message: str, default: bool) -> bool:
        """Yes or no."""
