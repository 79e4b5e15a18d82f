"""Rows as they come, to the screen or to a file, as CSV or as a line of JSON each."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from .recorder import Row


@contextmanager
def opened(path: Path | None) -> Iterator[IO[str]]:
    """Standard output; or a file that is there only once it is whole."""
    # A name that is not valid UTF-8 goes out as the bytes that it came in as.
    if path is None:
        with click.open_file("-", "w", encoding="utf-8", errors="surrogateescape") as screen:
            yield screen
        return
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def write_csv(rows: Iterable[Row], file: IO[str]) -> tuple[int, int]:
    """A table with a column `error`; how many rows there are, and how many with an error."""
    count = wrong = 0
    for row in rows:
        if not count:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        count += 1
        wrong += bool(row["error"])
    return count, wrong


def write_json(rows: Iterable[Row], file: IO[str]) -> tuple[int, int]:
    """An object a line: what the model says, or only the file and its error."""
    count = wrong = 0
    for row in rows:
        shown = ("file", "error") if row["error"] else tuple(k for k in row if k != "error")
        file.write(json.dumps({key: row[key] for key in shown}, ensure_ascii=False) + "\n")
        count += 1
        wrong += bool(row["error"])
    return count, wrong


FORMATS = {"csv": write_csv, "json": write_json}
