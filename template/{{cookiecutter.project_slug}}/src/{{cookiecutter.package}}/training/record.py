"""The history of a run, and how other settings differ from its own."""

import csv
import io
from pathlib import Path
from typing import Any

from ..data.files import write

PATHS = ("data.path", "backbone.weights")  # settings that may be spelled in several ways


def write_history(path: Path, rows: list[dict[str, Any]]) -> None:
    """A line for each epoch."""
    columns, text = dict.fromkeys(key for row in rows for key in row), io.StringIO(newline="")
    table = csv.DictWriter(text, list(columns), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write(path, lambda file: file.write(text.getvalue().encode()))


def differences(old: Any, new: Any, where: str = "") -> set[str]:
    """The keys under which two sets of settings differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        inner = (differences(old.get(k), new.get(k), f"{where}.{k}".lstrip(".")) for k in keys)
        return set().union(*inner)
    same = old == new or (where in PATHS and Path(old).resolve() == Path(new).resolve())
    return set() if same else {where}
