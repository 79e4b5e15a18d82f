"""What a run was begun with, and how the settings of today differ from that; its epochs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from ..config import Config
from ..data.files import write
from ..errors import intact

PATHS = ("data.path", "backbone.weights")  # settings that may be spelled in several ways


def changed(folder: Path, config: Config) -> list[str]:
    """The settings that differ from those that the run was started with."""
    with intact(folder / "config.json"):
        known = dict(json.loads((folder / "config.json").read_bytes()))
        return sorted(_settings(known, json.loads(config.model_dump_json())))


def write_history(path: Path, rows: list[dict[str, Any]]) -> None:
    """A line for each epoch."""
    columns, text = dict.fromkeys(key for row in rows for key in row), io.StringIO(newline="")
    table = csv.DictWriter(text, list(columns), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write(path, lambda file: file.write(text.getvalue().encode()))


def _settings(old: Any, new: Any, where: str = "") -> set[str]:
    """The keys of what differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        inner = (_settings(old.get(k), new.get(k), f"{where}.{k}".lstrip(".")) for k in keys)
        return set().union(*inner)
    same = old == new or (where in PATHS and Path(old).resolve() == Path(new).resolve())
    return set() if same else {where}
