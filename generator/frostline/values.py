"""An answer as a value, and its two spellings: as a flag's text and as cookiecutter's text."""

from __future__ import annotations

import json
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
    """One question, with all that any way of asking it needs to know."""

    key: str
    kind: Kind
    default: str
    prompt: str
    help: str
    choices: Mapping[str, str] = field(default_factory=dict)  # each with a few words
    words: tuple[str, ...] = ()  # what may be said instead of a number or a list
    matters: tuple[str, tuple[str, ...]] | None = None  # only for these answers to that question
    metavar: str = ""
    separator: str | None = ","  # between the items of a list; None for blanks

    @property
    def flag(self) -> str:
        """`--unfreeze-blocks`; the folder is an argument instead."""
        return "DIRECTORY" if self.key == "project_slug" else "--" + self.key.replace("_", "-")

    @property
    def explained(self) -> str:
        """The help, with the words about each choice."""
        about = [f"{choice}: {words}" for choice, words in self.choices.items() if words]
        return " ".join([self.help, "; ".join(about) + "."]) if about else self.help

    def applies(self, earlier: Answered) -> bool:
        """Whether the answer makes a difference after the earlier ones."""
        return self.matters is None or earlier[self.matters[0]] in self.matters[1]

    def read(self, text: str) -> Value:
        """The value of a flag or of a line typed at a prompt."""
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
        """The value in its one form, or a sentence about its type, choices or characters."""
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


def to_context(value: Value) -> str:
    """The text that stands for the value in cookiecutter's context and in the template."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def from_context(question: Question, text: str) -> Value:
    """The value that an evaluated default stands for."""
    match question.kind:
        case "switch":
            return text == "yes"
        case "list":
            return question.valid(json.loads(text))
    return question.read(text)


def _is_integer(text: str) -> bool:
    return text.strip().isascii() and text.strip().removeprefix("-").isdigit()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)
