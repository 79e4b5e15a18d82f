"""A terminal of 24 rows by 80 columns, as far as the prompts use one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS, COLUMNS = 24, 80
PIECES = re.compile(
    r"\x1b\[([?>]?)([\d;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>]"
    r"|([\r\n\b])|([^\x1b\r\n\b]+)"
)


class Screen:
    """A program on it; `rows` is what one sees."""

    def __init__(self, command: Sequence[str], where: Path, env: Mapping[str, str]) -> None:
        self.rows = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        sized = {key: value for key, value in env.items() if key not in ("LINES", "COLUMNS")}
        self.process = subprocess.Popen(
            command, cwd=where, env=sized, stdin=inner, stdout=inner, stderr=inner, close_fds=True
        )
        os.close(inner)

    @property
    def text(self) -> str:
        return "\n".join("".join(row).rstrip() for row in self.rows)

    def see(self, wanted: str, seconds: float = 30) -> str:
        """Wait until the text is on the screen and nothing more comes."""
        begun = time.monotonic()
        while self._receive() or wanted not in self.text:
            assert time.monotonic() - begun < seconds, f"no {wanted!r} on\n{self.text}"
        return self.text

    def type(self, text: str) -> None:
        os.write(self.outer, text.encode())

    def end(self) -> int:
        while self.process.poll() is None:
            self._receive()
        while self._receive():
            pass
        os.close(self.outer)
        return self.process.returncode

    def _receive(self) -> bool:
        ready, _, _ = select.select([self.outer], [], [], 0.3)
        try:
            data = os.read(self.outer, 65536).decode("utf-8", "replace") if ready else ""
        except OSError:  # the program has ended
            data = ""
        for private, numbers, letter, control, plain in PIECES.findall(data):
            if plain:
                self._write(plain)
            elif control:
                self._control(control)
            elif letter and not private:
                self._sequence(letter, [int(number or 0) for number in numbers.split(";")])
        return bool(data)

    def _write(self, text: str) -> None:
        for letter in text:
            if self.column == COLUMNS:
                self._control("\r")
                self._control("\n")
            self.rows[self.row][self.column] = letter
            self.column += 1

    def _control(self, letter: str) -> None:
        if letter == "\r":
            self.column = 0
        elif letter == "\b":
            self.column = max(self.column - 1, 0)
        elif self.row < ROWS - 1:
            self.row += 1
        else:
            self.rows = [*self.rows[1:], [" "] * COLUMNS]

    def _sequence(self, letter: str, numbers: list[int]) -> None:
        step = max(numbers[0], 1)
        match letter:
            case "A":
                self.row = max(self.row - step, 0)
            case "B":
                self.row = min(self.row + step, ROWS - 1)
            case "C":
                self.column = min(self.column + step, COLUMNS - 1)
            case "D":
                self.column = max(self.column - step, 0)
            case "H":
                self.row, self.column = 0, 0
            case "K":
                self.rows[self.row][self.column :] = [" "] * (COLUMNS - self.column)
            case "J":
                self.rows[self.row][self.column :] = [" "] * (COLUMNS - self.column)
                for row in range(self.row + 1, ROWS):
                    self.rows[row] = [" "] * COLUMNS
            case "n":  # where is the cursor?
                self.type(f"\x1b[{self.row + 1};{self.column + 1}R")
