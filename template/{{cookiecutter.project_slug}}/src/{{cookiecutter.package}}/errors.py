"""Error messages: what is wrong, where, and what to do about it."""

import difflib
import errno
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

# What a damaged file raises in the readers of JSON, CSV, NumPy and Keras.
DAMAGE = (ValueError, TypeError, AttributeError, LookupError, EOFError, OSError, BadZipFile)
LOST = "put a copy of it back, or move the run's folder away and train again"
NO_MEMORY = "there is not enough memory: make batch_size or image_size in [data] smaller"
REMEDIES = {
    (errno.ENOSPC, errno.EDQUOT): "make room; the same command goes on after what is done",
    (errno.EACCES, errno.EPERM, errno.EROFS): "this place must be open to you, or choose another",
    (errno.EEXIST, errno.ENOTDIR): "a file stands where a folder should be; move it away",
    (errno.EISDIR,): "a folder stands where a file should be; move it away",
}

Place = tuple[str | int, ...]


class ConfigError(ValueError):
    """A mistake in config.toml or in the data; the message is meant for the user."""


def sentence(problem: Exception) -> str:
    """The message for an error that the user can mend; empty for a fault of the program."""
    text, number = str(problem), getattr(problem, "errno", None)
    if isinstance(problem, ConfigError):
        return text
    if "No space left" in text:  # TensorFlow has its own error for it, and h5py no number
        number = errno.ENOSPC
    elif isinstance(problem, MemoryError) or type(problem).__name__ == "ResourceExhaustedError":
        return NO_MEMORY
    if number in (None, errno.EPIPE):
        return ""
    name, reason = getattr(problem, "filename2", None), getattr(problem, "strerror", None)
    name = name or getattr(problem, "filename", None)  # where both are, the first is temporary
    known = [remedy for numbers, remedy in REMEDIES.items() if number in numbers]
    said = f"{name}: {reason}" if name else reason or text.partition("\n")[0]
    return "; ".join([said, *known])


@contextmanager
def intact(path: Path, remedy: str = LOST) -> Iterator[None]:
    """Turn what reading a damaged file of the project raises into a ConfigError."""
    try:
        yield
    except DAMAGE as problem:
        if isinstance(problem, FileNotFoundError):
            raise ConfigError(f"{path} is missing; {remedy}") from None
        if isinstance(problem, ConfigError) or getattr(problem, "errno", None):
            raise  # it says enough by itself
        reason = str(problem).partition("\n")[0] or type(problem).__name__
        raise ConfigError(f"{path} is damaged ({reason}); {remedy}") from None


def mistakes(
    errors: Iterable[Any], name: str, text: str, keys: Callable[[Place], Collection[str]]
) -> str:
    """A line for each setting that pydantic refuses: where it stands, and what is wrong with it."""
    lines: dict[str, list[str]] = {}
    for error in errors:
        place, message = _mistake(error, name, text, keys)
        lines.setdefault(place, []).append(message)  # one for each kind that it may be of
    return "\n".join(place + " or ".join(messages) for place, messages in lines.items())


def _mistake(
    error: Any, name: str, text: str, keys: Callable[[Place], Collection[str]]
) -> tuple[str, str]:
    loc, kind, message = error["loc"], error["type"], error["msg"].removeprefix("Value error, ")
    # What follows the key are parts of its value.
    depth = 2 if loc[:1] == ("stage",) or loc[:2] == ("backbone", "blocks") else 1
    table, key = (loc[:depth], loc[depth]) if loc[depth:] else (loc[:-1], loc[-1] if loc else "")
    if kind == "value_error":  # of a table as a whole: the message begins with the key
        table, key = loc, message.partition(" = ")[0]
    where = "".join(f"[{x + 1}]" if isinstance(x, int) else f".{x}" for x in table).lstrip(".")
    line = _line(text, table, key)
    place = name + f", line {line}" * bool(line) + f", [{where}]" * bool(where)
    if kind == "value_error":
        return f"{place}: ", message
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(key), keys(table), n=1, cutoff=0.5)
        return f"{place}: unknown key {key!r}", f"; did you mean {near[0]!r}?" if near else ""
    if kind == "missing":
        return f"{place}: {key!r} is missing", ""
    message = re.sub(r"^(Input|Tuple) | after validation, not 0$", "", message)
    message = message.replace("an object", "a table").replace("a valid array", "a list")
    return f"{place}: {key} = {error['input']!r:.200}: ", message


def _line(text: str, table: Place, key: str | int) -> int:
    """The line on which a key stands, which tomllib does not tell; 0 where there is none."""
    at: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[+)\s*([\w.]+)\s*\]", line):
            count = int(at[1]) + 1 if len(at) > 1 and at[0] == header[2] else 0
            at = (header[2], count) if header[1] == "[[" else (*header[2].split("."),)
        elif at == table and re.match(rf"""\s*["']?{re.escape(str(key))}["']?\s*=""", line):
            return number
    return 0
