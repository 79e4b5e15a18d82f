"""One question: its default, choices and help, and how an answer is read and validated."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from frostline.errors import UserError, did_you_mean, listed
from frostline.names import text_problem

Value = str | int | bool | list[str]
Answered = Mapping[str, Value]
Kind = Literal["choice", "text", "integer", "list", "switch"]


@dataclass(frozen=True)
class Question:
    """What flags, prompts, answers files and cookiecutter.json are made from."""

    key: str
    kind: Kind
    default: str
    prompt: str
    help: str
    choices: Mapping[str, str] = field(default_factory=dict)  # each with a description
    words: tuple[str, ...] = ()  # accepted instead of a number or a list
    only_with: tuple[str, tuple[str, ...]] | None = None  # a question, and these answers to it
    metavar: str = ""
    separator: str | None = ","  # between the items of a list; None for whitespace

    @property
    def flag(self) -> str:
        """`--unfreeze-blocks`; the folder is a positional argument."""
        return "DIRECTORY" if self.key == "project_slug" else "--" + self.key.replace("_", "-")

    @property
    def explained(self) -> str:
        """The help, with the description of each choice."""
        about = [f"{choice}: {text}" for choice, text in self.choices.items() if text]
        return " ".join([self.help, "; ".join(about) + "."]) if about else self.help

    def applies(self, earlier: Answered) -> bool:
        """Whether the answer has an effect, given the earlier ones; it may, where they are open."""
        if self.only_with is None:
            return True
        key, values = self.only_with
        return key not in earlier or earlier[key] in values

    def read(self, text: str) -> Value:
        """The value of a flag, or of a line typed at a prompt."""
        match self.kind:
            case "integer":
                return self.valid(int(text) if _is_integer(text) else text.strip())
            case "switch":
                return self.valid({"yes": True, "y": True, "no": False, "n": False}.get(text, text))
            case "list" if text in self.words:
                return self.valid(text)
            case "list":
                return self.valid(text.split(self.separator) if text.strip() else [])
            case _:
                return self.valid(text)

    def valid(self, value: object) -> Value:
        """The normalised value; a wrong type, choice or character is refused."""
        match self.kind, value:
            case "choice", str() if not self.choices or value in self.choices:
                return value
            case "text", str():
                return self._clean(value)
            case "integer", int() if not isinstance(value, bool) and value >= 0:
                return value
            case "integer" | "list", str() if value in self.words:
                return self._spelled_out(value)
            case "list", list() if all(isinstance(item, str) for item in value):
                return self._known([self._clean(item) for item in value])
            case "switch", bool():
                return value
        raise UserError(self._refusal(value))

    def _clean(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text).strip()
        if problem := text_problem(text):
            raise UserError(f"{self.flag}: {problem}")
        return text

    def _spelled_out(self, word: str) -> Value:
        if self.kind == "integer":
            return word
        return list(self.choices) if word == "all" else []

    def _known(self, items: list[str]) -> list[str]:
        for item in items if self.choices else ():
            if item not in self.choices:
                raise UserError(self._refusal(item))
        return items

    def _refusal(self, value: object) -> str:
        if self.choices:
            known = (*self.choices, *self.words)
            near = did_you_mean(value, known) if isinstance(value, str) else ""
            return f"{self.flag} is {listed(known)}, not {_shown(value)}{near}"
        wanted = {
            "integer": listed(("a whole number", *self.words)),
            "list": 'a list of texts, such as ["a", "b"]',
            "switch": "true or false",
            "text": "a text",
            "choice": "a text",
        }[self.kind]
        return f"{self.flag} is {wanted}, not {_shown(value)}"


def _is_integer(text: str) -> bool:
    return text.strip().isascii() and text.strip().removeprefix("-").isdigit()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)
