"""A table: one line an image, with its path and what it shows.

Paths are relative to the table's folder. Where there is no column of the name that config.toml
gives for labels, every column with no other use is one, unless one of them may number the lines.
"""

import csv
import difflib
import io
import os
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ..config import Config, ConfigError, Data
from ..examples import SPLITS, Item
from .files import unpacked

DELIMITERS = (",", ";", "\t")
NUMBERS = re.compile(r"(?i)(unnamed: ?\d+|index|idx|id|row|no|nr|)")  # of lines: never a label
NOTHING = ("", "nan", "null", "n/a", "#n/a")  # as pandas and spreadsheets write an empty cell
MEANT = {"": "", "val": "validation", "valid": "validation", "dev": "validation"}
MEANT.update({split: split for split in SPLITS} | {"training": "train", "testing": "test"})


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The names of the columns of labels, and the images."""
    data = config.data
    table = unpacked(data.path.parent) / data.path.name
    columns, lines = _read(table)
    labels = _labels(table, columns, config)
    first: dict[str, Item] = {}
    for place, row in lines:
        item = _item(table.parent, place, dict(zip(columns, row, strict=True)), labels, data)
        twin = first.setdefault(item.file, item)
        if twin != replace(item, place=twin.place):
            raise ConfigError(f"{place}: {twin} says something else of {item.file}; keep one")
    if repeated := len(lines) - len(first):
        click.echo(f"{table}: {repeated} lines repeat another one, and count once")
    if not first:
        raise ConfigError(f"{table} has no line for an image; see [data] path in config.toml")
    return labels, list(first.values())


def _read(table: Path) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The names of the columns, and the cells of each line with its place."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise ConfigError(
            f"{table} cannot be read: {problem.strerror}. See [data] path in config.toml"
        ) from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise ConfigError(f"{table}, line {line} is not UTF-8; save the table as such") from None
    rows, last = [], 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((f"{table}, line {last + 1}", [cell.strip() for cell in row]))
            last = reader.line_num
    except csv.Error as problem:
        raise ConfigError(f"{table}, line {last + 1}: {problem}") from None
    if not rows:
        raise ConfigError(f"{table} is empty; see [data] path in config.toml")
    (_, columns), *lines = rows
    for number, column in enumerate(columns):
        if column in columns[:number]:
            raise ConfigError(f"{table} has two columns '{column}'; each needs its own name")
    for place, row in lines:
        if len(row) != len(columns):
            raise ConfigError(f"{place}: there are {len(row)} cells, but {len(columns)} columns")
    return columns, lines


def _delimiter(text: str) -> str:
    """What is between the names of the columns: the one of the three that is there most often."""
    header = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=lambda delimiter: _columns(header, delimiter))


def _columns(header: str, delimiter: str) -> int:
    return len(next(csv.reader([header], delimiter=delimiter), []))


def _labels(table: Path, columns: Sequence[str], config: Config) -> tuple[str, ...]:
    """The columns of labels; those that config.toml names for something else must be there."""
    data, named = config.data, config.head.classes
    _column(table, columns, data.image, "image")
    if data.group:
        _column(table, columns, data.group, "group")
    if data.split not in ("", "split") or any(x.lower() == "split" for x in columns):
        _column(table, columns, data.split, "split")
    if data.label in columns:
        return (data.label,)
    if named and set(named) <= set(columns):
        return named
    used = (data.image, data.split, data.group or data.image)
    others = tuple(column for column in columns if column not in used)
    if not others or any(map(NUMBERS.fullmatch, others)):
        _column(table, columns, data.label, "label")
    return others


def _column(table: Path, columns: Collection[str], name: str, key: str) -> None:
    if name not in columns:
        near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise ConfigError(
            f"{table} has no column '{name}'{hint or '.'} Its columns are {', '.join(columns)}; "
            f"see [data] {key} in config.toml"
        )


def _item(folder: Path, place: str, row: dict[str, str], labels: Sequence[str], data: Data) -> Item:
    """One line of the table."""
    if not row[data.image]:
        raise ConfigError(f"{place}: the column '{data.image}' is empty")
    for label in labels:
        if row[label].lower() in NOTHING and len(labels) == 1:
            empty = f"holds '{row[label]}'" if row[label] else "is empty"
            raise ConfigError(f"{place}: the column '{label}' {empty}; fill it or remove the line")
    split = row.get(data.split, "")
    if split.lower() not in MEANT:
        raise ConfigError(
            f"{place}: the split '{split}' is none of {', '.join(SPLITS)}; "
            "see [data] split in config.toml"
        )
    file = folder / row[data.image]
    if not _exists(file):
        file = folder / row[data.image].replace("\\", "/")
    if not _exists(file):
        raise ConfigError(f"{place}: there is no file {file}")
    group = row.get(data.group, "") if data.group else ""
    texts = tuple(unicodedata.normalize("NFC", row[label]) for label in labels)
    return Item(os.path.normpath(file), texts, MEANT[split.lower()], group, place)


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):  # a path that no system could have
        return False
