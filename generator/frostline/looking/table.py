"""A table of images: which column is what, and which task its labels make."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frostline.errors import UserError
from frostline.looking import folder, labels, project_code
from frostline.looking.found import Found

DELIMITERS = (",", ";", "\t")
SPLIT = re.compile(r"(?i)|train|val|valid|validation|dev|test")
NUMBERS = re.compile(r"(?i)(unnamed: ?\d+|index|idx|id|row|no|nr|)")  # of the lines
GROUP = re.compile(
    r"(?i)(patient|subject|person|participant|case|session|video|slide|group|site)"
    r"s?([-_ ]?(id|no))?"
)

Columns = dict[str, list[str]]


def read(table: Path) -> Columns:
    """The cells by column."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise UserError(f"the table {table} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{table} is not UTF-8; save the table as such") from None
    head = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [row for row in reader if any(map(str.strip, row))]
    except csv.Error as problem:
        raise UserError(f"{table}, line {reader.line_num}: {problem}") from None
    if len(rows) < 2:
        raise UserError(f"{table} has no line for an image below the names of its columns")
    titles, *rest = rows
    if len(set(map(str.strip, titles))) < len(titles):
        raise UserError(f"{table} has two columns of one name: {', '.join(titles)}; rename one")
    if odd := next((row for row in rest if len(row) != len(titles)), None):
        raise UserError(f"{table} has {len(titles)} columns, and a line of {len(odd)} cells: {odd}")
    cells = zip(*rest, strict=True)
    return {title.strip(): [c.strip() for c in of] for title, of in zip(titles, cells, strict=True)}


def image_column(table: Path, columns: Columns) -> str | None:
    """The column that names files, from the table's folder on."""
    for title, cells in columns.items():
        sample = [cell for cell in cells[:: max(1, len(cells) // 20)] if cell]
        if 2 * sum(_is_there(table, cell) for cell in sample) > len(sample):
            if _is_there(table, title):
                raise UserError(
                    f"{table} names no columns: its first line is about {title}; add one"
                )
            return title
    return None


def _is_there(table: Path, cell: str) -> bool:
    try:
        return (table.parent / cell.replace("\\", "/")).is_file()
    except (OSError, ValueError):  # a path that no system could have
        return False


def _not_named(table: Path, columns: Columns) -> str:
    """Why a table is none of images, and the file that it may mean."""
    first = [cells[0] for cells in columns.values()]
    stems = {Path(cell.replace("\\", "/")).stem.casefold(): cell for cell in first if cell}
    for parts in project_code.walk().walk(str(table.parent), Counter()):
        cell = stems.get(Path(parts[-1]).stem.casefold())
        if cell:
            return (
                f"no column of {table} names files that are there, from {table.parent} on; for "
                f"'{cell}' there is {'/'.join(parts)}: write that into the table, and the others "
                "alike"
            )
    return (
        f"no column of {table} names files that are there, from {table.parent} on (the first "
        f"cell is '{first[0]}'): the table has to lie where the paths in it begin"
    )


def near(table: Path) -> str:
    """What to do with a table whose images are elsewhere; nothing if they cannot be found."""
    try:
        said = _not_named(table, read(table))
    except (UserError, ValueError):
        return ""
    return said if "write that" in said else ""


def names_images(table: Path) -> bool:
    """Whether a table beside the images is one of them."""
    try:
        return image_column(table, read(table)) is not None
    except UserError:
        return False


def look(table: Path, given: Mapping[str, Any], found: Found) -> None:
    """Every column gets a use, or is said to have none."""
    columns, task = read(table), given.get("task")
    image = image_column(table, columns)
    if image is None:
        raise UserError(_not_named(table, columns))
    if absent := [cell for cell in folder.spread(columns[image]) if not _is_there(table, cell)]:
        found.unused.append(
            f"{table} names {len(absent)} files that are not there (in a sample of "
            f"{len(folder.spread(columns[image]))}), the first is {absent[0]}: training will stop"
        )
    if again := len(columns[image]) - len(set(columns[image])):
        found.unused.append(
            f"{table} names images in several lines, {again} lines more than images: these must "
            "say the same, so that several labels of one image have to be in one line"
        )
    found.choose("data", "csv", f"the column {image} of {table.name} names the images")
    found.choose("image_column", image)
    count = len(columns[image])
    rest = {title: cells for title, cells in columns.items() if title != image}
    for title, cells in [*rest.items()]:
        different = {cell.lower() for cell in cells}
        if title == given.get("label_column"):
            continue
        if len(different) > 1 and all(SPLIT.fullmatch(cell) for cell in different):
            found.choose("split_column", title, f"holds {', '.join(sorted(different - {''}))}")
        elif GROUP.fullmatch(title) and 1 < len(different) < count:
            found.choose("group", title, f"{len(different)} groups, none of them in two splits")
        elif NUMBERS.fullmatch(title) and len(different) == count:
            found.unused.append(f"the column '{title}' is not used: it numbers the lines")
        elif not all(map(labels.is_number, cells)) and len(different) * 2 > count > labels.FEW:
            found.unused.append(f"the column '{title}' is not used: most lines say something else")
        elif len(different) < 2:
            found.unused.append(f"the column '{title}' is not used: it is the same in all lines")
        else:
            continue
        del rest[title]
    if not rest:
        raise UserError(f"{table} has no column for what the images show, beside {image}")
    labels.choose(rest, task, given.get("label_column"), found)
    files = [table.parent / cell.replace("\\", "/") for cell in folder.spread(columns[image])]
    found.saw.insert(0, f"{count} lines in {table}, with the columns {', '.join(columns)}")
    listed = found.answers.get("classes")
    folder.flip(listed if isinstance(listed, list) else [], table.parent, found)
    folder.set_sizes(files, found)
