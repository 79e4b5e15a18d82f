"""The answers that a command line gives: its flags, and the file that one of them names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frostline.answers import Given
from frostline.questions import BY_KEY


def collect(options: Mapping[str, Any]) -> dict[str, Given]:
    """From Click's options to answers; a flag goes before the file."""
    file = options.get("answers_file")
    given: dict[str, Given] = {}
    if file is not None:
        from frostline import answersfile

        given |= answersfile.read(Path(file))
    for key, said in options.items():
        if key in BY_KEY and said is not None and said != ():
            question = BY_KEY[key]
            value = question.read(said) if isinstance(said, str) else question.valid(_plain(said))
            given[key] = Given(value)
    return given


def _plain(said: Any) -> Any:
    return list(said) if isinstance(said, tuple) else said
