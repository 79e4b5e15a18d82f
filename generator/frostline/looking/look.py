"""The look itself: what was pointed at, and how it is read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from frostline.answers import checks
from frostline.answers.resolve import Given
from frostline.errors import UserError
from frostline.looking import folder, table
from frostline.looking.found import Found


def look_at_given(given: Mapping[str, Given]) -> Found | None:
    """What the answers so far point at, if they do; records are not looked at."""
    paths = {key: given[key] for key in ("images", "table") if key in given and given[key].value}
    values = {key: answer.value for key, answer in given.items()}
    if not paths or values.get("data") in ("tfrecord", "tfds"):
        return None
    located = {key: checks.located(key, str(x.value), x.folder) for key, x in paths.items()}
    return look(located.get("images", ""), located.get("table", ""), values)


def look(images: str, file: str = "", given: Mapping[str, Any] | None = None) -> Found:
    """Look at a folder, a table or both; answers that are given already are not questioned."""
    given = given or {}
    root = Path(os.path.expanduser(images)) if images else None
    found = Found(str(root or file))
    if root and root.suffix.lower() in folder.TABLES and root.is_file():
        found.choose("table", str(root))
        file, root = str(root), None
    if file:
        table.look(Path(os.path.expanduser(file)), given, found)
        if root:
            _beside(root, found)
    elif root:
        _folder(root, given, found)
    return found


def _folder(root: Path, given: Mapping[str, Any], found: Found) -> None:
    task, splits = given.get("task"), given.get("splits", "auto")
    files = folder.files_in(root)
    tables = [file for file in folder.tables_in(root) if table.names_images(file)]
    if task == "segmentation" or (task is None and folder.has_masks(files)):
        folder.masks(files, splits, found, given.get("classes") or ())
        return
    problem: UserError | None = None
    try:
        if task in (None, *folder.TASKS) and folder.classes(files, splits, task, found):
            found.unused += [
                f"{x} is not used: the folders are classes (--table {x} reads it)" for x in tables
            ]
            return
    except UserError as refused:
        problem = refused
    if len(tables) == 1:
        found.choose("table", str(tables[0]))
        table.look(tables[0], given, found)
        return
    if not tables and (said := [x for x in map(table.near, folder.tables_in(root)) if x]):
        raise UserError(said[0])
    if problem and all(len(path) < 3 for path in files.images):
        problem = UserError(f"{problem}{_inside(root, files.images)}")
    raise problem or UserError(
        f"nothing says what the images in {root} show, {len(files.images)} in number"
        f"{_hint(files.images, tables)}: make a folder for each class, give a table with --table, "
        "or a mask for each image"
    )


def _hint(paths: Sequence[tuple[str, ...]], tables: Sequence[Path]) -> str:
    if tables:
        return f" (or one of {', '.join(map(str, tables))})"
    starts = sorted({re.split(r"[^A-Za-z]", path[-1])[0] for path in paths} - {""})
    return f" (their names begin with {', '.join(starts)})" if 1 < len(starts) < 10 else ""


def _inside(root: Path, paths: Sequence[tuple[str, ...]]) -> str:
    """What is in folders that hold no others: their tables, or how the names begin."""
    tables = [
        x for name in sorted({path[0] for path in paths}) for x in folder.tables_in(root / name)
    ]
    return _hint(paths, tables)


def _beside(root: Path, found: Found) -> None:
    """How many images a table leaves out."""
    count = len(folder.files_in(root).images)
    found.saw.append(f"{count} images in {root}; those that the table names are used")
