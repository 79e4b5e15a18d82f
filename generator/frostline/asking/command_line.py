"""The answers that a command line gives: its flags, and the answers file that one of them names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frostline.answers.questions import BY_KEY
from frostline.answers.resolve import Given


def collect(options: Mapping[str, Any]) -> dict[str, Given]:
    """Turn Click's options into answers; a flag overrides the answers file."""
    file = options.get("answers_file")
    given: dict[str, Given] = {}
    if file is not None:
        from frostline.answers import answers_file

        given |= answers_file.read(Path(file))
    for key, value in options.items():
        if key in BY_KEY and value is not None and value != ():
            given[key] = Given(_read(key, value))
    return given


def _read(key: str, value: Any) -> Any:
    """The text of a flag as its question reads it; a repeated flag comes as a tuple."""
    if isinstance(value, str):
        return BY_KEY[key].read(value)
    return BY_KEY[key].valid(list(value) if isinstance(value, tuple) else value)
