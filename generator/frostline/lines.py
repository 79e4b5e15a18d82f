"""Questions as lines, for where there is no terminal: one answer a line, empty for the default."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from frostline.errors import UserError, did_you_mean
from frostline.prompts import Option, Validate
from frostline.values import Question


class Lines:
    """Asks on stderr and reads stdin."""

    def text(self, question: Question, default: str, problem: Validate) -> str:
        """A line that passes, or the default for an empty one."""
        while True:
            line = self._line(question.prompt, default) or default
            sentence = problem(line)
            if sentence is None:
                return line
            print(f"  {sentence}", file=sys.stderr)

    def choose(self, question: Question, options: Sequence[Option], default: str) -> str:
        """One of the names, or a question mark for the list of them."""
        names = {option.value: option for option in options}
        few = len(names) < 10
        message = (
            f"{question.prompt} ({', '.join(names)})" if few else f"{question.prompt} (? lists)"
        )
        while True:
            line = self._line(message, default) or default
            if line in names and not names[line].refused:
                return line
            if line == "?":
                for option in options:
                    print(f"  {option.value}  {option.facts}".rstrip(), file=sys.stderr)
            elif line in names:
                print(f"  {names[line].refused}", file=sys.stderr)
            else:
                near = did_you_mean(line, names)
                print(f"  '{line}' is not one of them{near}", file=sys.stderr)

    def pick(self, message: str, options: Sequence[Option]) -> list[str]:
        """Several of the names, separated by commas; an empty line for those that are so anyway."""
        names = [option.value for option in options]
        default = ", ".join(option.value for option in options if option.chosen)
        while True:
            line = self._line(f"{message} ({', '.join(names)}; none)", default) or default
            if line == "none":
                return []
            picked = [part.strip() for part in line.split(",") if part.strip()]
            strange = [part for part in picked if part not in names]
            if not strange:
                return picked
            near = did_you_mean(strange[0], names)
            print(f"  '{strange[0]}' is not one of them{near}", file=sys.stderr)

    def confirm(self, message: str, default: bool) -> bool:
        """`y` or `n`."""
        while True:
            line = self._line(f"{message} (y/n)", "y" if default else "n").casefold()
            if line in ("", "y", "yes", "n", "no"):
                return line[0] == "y" if line else default
            print("  y or n, please", file=sys.stderr)

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
