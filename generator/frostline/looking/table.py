"""A table of images: which column is what, and which task its labels make."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from frostline.errors import UserError
from frostline.looking import folder, names
from frostline.looking.found import Found

DELIMITERS = (",", ";", "\t")
SPLIT = re.compile(r"(?i)|train|val|valid|validation|dev|test")
NUMBERS = re.compile(r"(?i)(unnamed: ?\d+|index|idx|id|row|no|nr|)")  # of the lines
GROUP = re.compile(
    r"(?i)(patient|subject|person|participant|case|session|video|slide|group|site)"
    r"s?([-_ ]?(id|no))?"
)
LABEL = re.compile(r"(?i)labels?|class(es)?|target|category|diagnosis|species|tags?")
FLAGS = {"0", "1", "0.0", "1.0", "true", "false"}
SEPARATORS = (";", "|")
FEW = 30  # different whole numbers that may still be the names of classes

Columns = dict[str, list[str]]


def read(table: Path) -> Columns:
    """The cells by column."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise UserError(f"the table {table} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{table} is not UTF-8; save the table as such") from None
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    if len(rows) < 2:
        raise UserError(f"{table} has no line for an image below the names of its columns")
    titles, *rest = rows
    if odd := next((row for row in rest if len(row) != len(titles)), None):
        raise UserError(f"{table} has {len(titles)} columns, and a line of {len(odd)} cells: {odd}")
    cells = zip(*rest, strict=True)
    return {title.strip(): [c.strip() for c in of] for title, of in zip(titles, cells, strict=True)}


def image_column(table: Path, columns: Columns) -> str | None:
    """The column that names files, from the table's folder on."""
    for title, cells in columns.items():
        sample = [cell for cell in cells[:: max(1, len(cells) // 20)] if cell]
        if sample and all((table.parent / cell.replace("\\", "/")).is_file() for cell in sample):
            return title
    return None


def names_images(table: Path) -> bool:
    """Whether a table beside the images is one of them."""
    try:
        return image_column(table, read(table)) is not None
    except UserError:
        return False


def look(table: Path, task: str | None, found: Found) -> None:
    """Every column gets a use, or is said to have none."""
    columns = read(table)
    image = image_column(table, columns)
    if image is None:
        first = next(iter(columns.values()))[0]
        raise UserError(
            f"no column of {table} names files that are there, from {table.parent} on (the first "
            f"cell is '{first}'): the table has to lie where the paths in it begin"
        )
    found.choose("data", "csv", f"the column {image} of {table.name} names the images")
    found.choose("image_column", image)
    count = len(columns[image])
    rest = {title: cells for title, cells in columns.items() if title != image}
    for title, cells in [*rest.items()]:
        different = {cell.lower() for cell in cells}
        if len(different) > 1 and all(SPLIT.fullmatch(cell) for cell in different):
            found.choose("split_column", title, f"holds {', '.join(sorted(different - {''}))}")
        elif GROUP.fullmatch(title) and 1 < len(different) < count:
            found.choose("group", title, f"{len(different)} groups, none of them in two splits")
        elif NUMBERS.fullmatch(title):
            found.unused.append(f"the column '{title}' is not used: it numbers the lines")
        elif not all(map(_is_number, cells)) and len(different) * 2 > count > FEW:
            found.unused.append(f"the column '{title}' is not used: most lines say something else")
        elif len(different) < 2:
            found.unused.append(f"the column '{title}' is not used: it is the same in all lines")
        else:
            continue
        del rest[title]
    if not rest:
        raise UserError(f"{table} has no column for what the images show, beside {image}")
    _labels(rest, task, found)
    files = [table.parent / cell.replace("\\", "/") for cell in folder.spread(columns[image])]
    found.saw.insert(0, f"{count} lines in {table}, with the columns {', '.join(columns)}")
    listed = found.answers.get("classes")
    folder.flip(listed if isinstance(listed, list) else [], table.parent, found)
    folder.set_sizes(files, found)


def _labels(columns: Columns, task: str | None, found: Found) -> None:
    flags = {t: cells for t, cells in columns.items() if {c.lower() for c in cells} <= FLAGS}
    numbers = {title: cells for title, cells in columns.items() if all(map(_is_number, cells))}
    titled = [title for title in columns if LABEL.fullmatch(title)]
    label = titled[0] if titled else next((t for t in columns if t not in numbers), None)
    if label in numbers and task is None and _measured({}, {label: numbers[label]}):
        numbers, label = {label: numbers[label]}, None
    if task == "regression" or (task is None and label is None and _measured(flags, numbers)):
        if not numbers:
            raise UserError(f"no column of {', '.join(columns)} holds numbers alone")
        chosen = list(numbers)
        found.choose("task", "regression", f"{', '.join(chosen)} are numbers")
        found.choose("classes", chosen)
    elif (task == "multilabel" and len(flags) > 1) or (label is None and len(flags) > 1):
        chosen = list(flags)
        found.choose("task", "multilabel", f"{len(chosen)} columns hold 0 and 1 alone")
        found.choose("classes", chosen)
    else:
        label = label or next(iter(columns))
        chosen = [label]
        found.choose("label_column", label)
        _one_column(columns[label], task, found)
    for title in (title for title in columns if title not in chosen):
        found.unused.append(f"the column '{title}' is not used: {', '.join(chosen)} say it all")


def _measured(flags: Columns, numbers: Columns) -> bool:
    """Numbers that are neither yes and no, nor few enough to be the names of classes."""
    if len(numbers) == len(flags):
        return False
    if len(numbers) > 1:
        return True
    cells = next(iter(numbers.values()))
    return len(set(cells)) > FEW or any("." in c and not c.endswith(".0") for c in cells)


def _one_column(cells: Sequence[str], task: str | None, found: Found) -> None:
    separated = [s for s in SEPARATORS if sum(s in cell for cell in cells) * 20 > len(cells)]
    if task == "multilabel" or (task is None and separated):
        between = separated[0] if separated else ";"
        held = Counter(x.strip() for cell in cells for x in cell.split(between) if x.strip())
        found.choose("task", "multilabel", f"several labels in one cell, with {between} between")
        found.choose("separator", between)
        found.choose("classes", names.ordered(held))
        return
    counts = Counter(cell for cell in cells if cell)
    folder.set_classes(names.ordered(counts), task, found)
    folder.balance(counts, found)


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", cell))
