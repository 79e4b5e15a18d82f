"""What a run was begun with, its settings and examples, and how those of today differ from them.

A run that goes on with other images, or under other labels, would end as a model of neither. And
an image that it was trained on says nothing as a test, wherever the splits put it today.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

from ..config import Config, ConfigError
from ..data.files import load_bytes, write
from ..errors import intact
from ..examples import SPLITS, Examples, Splits

FILE = "examples.json"
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


def keep(folder: Path, splits: Splits, begun: bool) -> None:
    """Write down what the run learns from; where it has begun, stop unless that is as it was."""
    path, now = folder / FILE, {split: _rows(getattr(splits, split)) for split in SPLITS}
    now["names"] = list(splits.meaning.names)
    if begun and path.exists():
        with intact(path, "without the file, `train` takes the data for those that they were"):
            said = list(_differences(json.loads(path.read_bytes()), now))
        if said:
            raise ConfigError(
                f"{folder} is unfinished, and its data have changed since: {'; '.join(said)}. "
                "Change them back to go on, or start anew with --fresh"
            )
        return
    if begun:
        click.echo(f"there is no {path} to compare the data with; they are taken as they are")
    write(path, lambda file: file.write(json.dumps(now).encode()))


def unseen(folder: Path, examples: Examples) -> Examples:
    """The examples that can test the run: those that it was neither trained nor validated on."""
    path = folder / FILE
    if not path.exists():
        click.echo(f"there is no {path} to tell which images {folder} was trained on", err=True)
        return examples
    with intact(path, "without the file, `evaluate` takes all test images for new ones"):
        rows = json.loads(path.read_bytes())
        known = {digest for split in SPLITS[:2] for _, digest, _ in rows[split]}
    new = [number for number, digest in enumerate(examples.digests) if digest not in known]
    if len(new) == len(examples):
        return examples
    click.echo(
        f"left out of the test: {len(examples) - len(new)} of {len(examples)} images, which "
        f"{folder} was trained or validated on",
        err=True,
    )
    return examples.chosen(new)


def _settings(old: Any, new: Any, where: str = "") -> set[str]:
    """The keys of what differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        inner = (_settings(old.get(k), new.get(k), f"{where}.{k}".lstrip(".")) for k in keys)
        return set().union(*inner)
    same = old == new or (where in PATHS and Path(old).resolve() == Path(new).resolve())
    return set() if same else {where}


def _rows(examples: Examples) -> list[Any]:
    """The file of each example, and digests of its image and of what the model should say."""
    columns = examples.origins or examples.files, examples.digests, map(_digest, examples.targets)
    return [list(row) for row in zip(*columns, strict=True)]


def _digest(target: Any) -> str:
    content = load_bytes(target) if isinstance(target, str) else np.asarray(target).tobytes()
    return hashlib.sha256(content).hexdigest()[:16]


def _differences(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What has happened to the data."""
    if old["names"] != new["names"]:
        gone, come = (
            ", ".join(name for name in one["names"] if name not in other["names"])
            for one, other in ((old, new), (new, old))
        )
        if gone and come:
            yield f"a class was renamed from {gone} to {come}"
        else:
            yield f"the class {gone} is gone" if gone else f"the class {come} is new"
    for split in SPLITS:
        was, now = ({digest: answer for _, digest, answer in rows[split]} for rows in (old, new))
        found = {
            "added to": [file for file, digest, _ in new[split] if digest not in was],
            "removed from": [file for file, digest, _ in old[split] if digest not in now],
            "under another label in": [x for x, digest, y in new[split] if was.get(digest, y) != y],
        }
        for what, files in found.items():
            more = f" and {len(files) - 1} more" * (len(files) > 1)
            yield from [f"{what} {split}: {files[0]}{more}"] if files else []
        rows = ([row[1:] for row in side[split]] for side in (old, new))
        if not any(found.values()) and next(rows) != next(rows):
            yield f"in another order in {split}: files were renamed or copied"
