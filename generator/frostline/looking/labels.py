"""The columns of a table that hold the labels, and the task that these make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from frostline.errors import UserError
from frostline.looking import folder, names
from frostline.looking.found import Found

LABEL = re.compile(
    r"(?i)(.*[-_ ])?(labels?|class(es)?|class[-_ ]?(id|name)|target|category|diagnosis|species|"
    r"tags?|breed|dx)"
)
NOTHING = ("", "nan", "null", "n/a", "#n/a")  # as the project has it
FLAGS = {"0", "1", "0.0", "1.0", "true", "false"}
SEPARATORS = (";", "|")
DOUBTFUL = {",": 0.5, " ": 1.0}  # these may be in a name too, unless so many parts stand alone
FEW = 30  # different whole numbers that may still be the names of classes

Columns = dict[str, list[str]]


def choose(columns: Columns, task: str | None, named: str | None, found: Found) -> None:
    """The columns of the labels, and the task that they make."""
    flags = {t: cells for t, cells in columns.items() if {c.lower() for c in cells} <= FLAGS}
    numbers = {title: cells for title, cells in columns.items() if all(map(is_number, cells))}
    titled = sorted(filter(LABEL.fullmatch, columns), key=lambda title: title in numbers)
    texts = [title for title in columns if title not in numbers]
    label: str | None = None
    if named in columns or titled:
        label = named if named in columns else titled[0]
    elif len(texts) > 1 and task in (None, *folder.TASKS):
        raise UserError(
            f"what the images show may be in the column {' or '.join(texts)}; --label-column "
            f"'{texts[0]}' decides for one of them, and --task for another kind of labels"
        )
    else:
        label = next(iter(texts), None)
    signs = [title for title, cells in numbers.items() if {"-1", "1"} == set(cells)]
    if len(signs) > 1 and label is None and task is None:
        raise UserError(
            f"the columns {', '.join(signs[:5])} hold -1 and 1: as labels, write 0 for -1; as "
            "numbers, --task regression reads them so"
        )
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
    many = len(set(cells)) > FEW or 2 * len(set(cells)) > len(cells) > FEW // 3
    return many or any("." in c and not c.endswith(".0") for c in cells)


def _one_column(cells: Sequence[str], task: str | None, found: Found) -> None:
    if sum(cell.startswith("[") and cell.endswith("]") for cell in cells) * 2 > len(cells):
        raise UserError(
            f"labels are written as lists, such as {cells[0]}; write them with ; in between, "
            "without brackets and quotes"
        )
    separated = [s for s in SEPARATORS if sum(s in cell for cell in cells) * 20 > len(cells)]
    for between, share in DOUBTFUL.items():
        several = (cell.split(between) for cell in cells if between in cell)
        parts = {part.strip() for of in several for part in of} - {""}
        if not separated and parts and len(parts & set(cells)) >= share * len(parts):
            separated = [between]
    if task == "multilabel" or (task is None and separated):
        between = separated[0] if separated else ";"
        held = Counter(x.strip() for cell in cells for x in cell.split(between) if x.strip())
        found.choose("task", "multilabel", f"several labels in one cell, with {between} between")
        found.choose("separator", between)
        found.choose("classes", names.ordered(held))
        return
    counts = Counter(cell for cell in cells if cell.lower() not in NOTHING)
    if empty := len(cells) - counts.total():
        found.unused.append(f"{empty} lines have no label: training will stop; fill or remove them")
    if len(counts) * 2 > counts.total() > FEW // 3:
        raise UserError(
            f"there are {len(counts)} different labels in {counts.total()} lines, such as "
            f"{' and '.join(list(counts)[:2])}: these are no classes. Numbers are written as 1.5"
        )
    folder.set_classes(names.ordered(counts), task, found)
    folder.balance(counts, found)


def is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", cell))
