"""Reads answers from a TOML file, each with the line that it is on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from frostline.answers.questions import BY_KEY
from frostline.answers.resolve import Given
from frostline.errors import UserError, did_you_mean

VERSION_KEY = "frostline"  # the version that wrote the file


def read(path: Path) -> dict[str, Given]:
    """The answers in a file; unknown keys and values of the wrong type are refused."""
    text = _text(path)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise UserError(f"{path} is not valid TOML: {problem}") from None
    return {
        key: _answer(key, value, path, text) for key, value in found.items() if key != VERSION_KEY
    }


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = path.read_bytes()[: problem.start].count(b"\n") + 1
        raise UserError(
            f"{path} is not UTF-8 (line {line}); save it as UTF-8 and try again"
        ) from None
    except FileNotFoundError:
        raise UserError(f"there is no answers file {path}") from None
    except OSError as problem:
        raise UserError(f"cannot read the answers file {path}: {problem.strerror}") from None


def _answer(key: str, value: Any, path: Path, text: str) -> Given:
    place = f"{path}, line {_line(key, text)}"
    if key not in BY_KEY:
        near = did_you_mean(key, BY_KEY) or ";"
        raise UserError(f"{place}: unknown key '{key}'{near} 'frostline schema' lists the keys")
    try:
        return Given(BY_KEY[key].valid(value), place, path.parent)
    except UserError as problem:
        raise UserError(f"{place}: {problem}") from None


def _line(key: str, text: str) -> int:
    """The line that defines a top-level key or table, which tomllib does not report."""
    quoted = rf"[\"']?{re.escape(key)}[\"']?"
    match = re.search(rf"^\s*(\[+\s*)?{quoted}\s*[=.\]]", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1
