"""Prompts without a terminal: one answer a line, an empty line for the default."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from frostline.answers.question import Question
from frostline.asking.keyboard import Option, Validate, ValidateSeveral
from frostline.errors import UserError, did_you_mean

FEW = 10  # options that fit on the line of their question


class PlainPrompts:
    """Prompts on stderr, and reads stdin."""

    def text(self, question: Question, default: str, validate: Validate) -> str:
        """A valid line, or the default for an empty one."""
        while True:
            line = self._line(question.prompt, default) or default
            problem = validate(line)
            if problem is None:
                return line
            _say(problem)

    def choose(self, question: Question, options: Sequence[Option], default: str) -> str:
        """One of the names; a question mark lists them."""
        names = {option.value: option for option in options}
        hint = ", ".join(names) if len(names) < FEW else "? lists"
        while True:
            line = self._line(f"{question.prompt} ({hint})", default) or default
            if line == "?":
                for option in options:
                    _say(f"{option.value}  {option.facts}".rstrip())
            elif line not in names:
                _say(f"'{line}' is not one of them{did_you_mean(line, names)}")
            elif problem := names[line].refused:
                _say(problem)
            else:
                return line

    def pick(self, message: str, options: Sequence[Option], validate: ValidateSeveral) -> list[str]:
        """Several of the names, separated by commas."""
        names = [option.value for option in options]
        default = ", ".join(option.value for option in options if option.chosen)
        while True:
            line = self._line(f"{message} ({', '.join(names)}; none)", default) or default
            picked = [part.strip() for part in line.split(",") if part.strip()]
            if picked == ["none"]:
                picked = []
            unknown = [part for part in picked if part not in names]
            if unknown:
                _say(f"'{unknown[0]}' is not one of them{did_you_mean(unknown[0], names)}")
            elif problem := validate(picked):
                _say(problem)
            else:
                return picked

    def confirm(self, message: str, default: bool) -> bool:
        """`y` or `n`."""
        while True:
            line = self._line(f"{message} (y/n)", "y" if default else "n").casefold()
            if line in ("", "y", "yes", "n", "no"):
                return line[0] == "y" if line else default
            _say("y or n, please")

    def _line(self, message: str, default: str) -> str:
        print(f"{message} [{default}]: " if default else f"{message}: ", end="", file=sys.stderr)
        sys.stderr.flush()
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            raise UserError("the input is not in the encoding of this system") from None
        if not line:
            print(file=sys.stderr)
            raise UserError(
                f"the input ended at the question '{message}'; --no-input takes the defaults"
            )
        return line.strip()


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr)
