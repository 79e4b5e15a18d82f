"""The photographs that `learning.py` learns from: where they lie, how they divide, what is told.

Every set is laid out once, as links, with its split written down, so that all methods have the
same pictures to learn from, to watch and to be judged on.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SHARE = 0.15  # of the pictures to learn from, held out for validation where the set names none


@dataclass(frozen=True)
class PhotoSet:
    """A set of photographs with the task that is learned from it."""

    task: str
    source: str
    settings: tuple[str, ...]  # for config.toml; {folder} is where the set is laid out
    figure: str  # in metrics.json
    higher: bool  # whether more of it is better
    watched: str  # the figure on validation images in history.csv
    words: str
    lay_out: Callable[[Path, Path], None]


def cats_dogs(data: Path, folder: Path) -> None:
    """A seventh of each class is held out, by a hash of the file's name."""
    for split in ("train", "test"):
        for label in ("cat", "dog"):
            files = sorted((data / "cats_dogs" / split / label).iterdir(), key=_hash)
            held = round(SHARE * len(files)) if split == "train" else 0
            for number, file in enumerate(files):
                link(file, folder / ("validation" if number < held else split) / label / file.name)


def red_cells(data: Path, folder: Path) -> None:
    write_table(folder, ("red",), ((row["red"],) for row in blood(data)), data)


def cell_kinds(data: Path, folder: Path) -> None:
    kinds = ("red", "white", "platelets")
    labels = (tuple(str(int(int(row[kind]) > 0)) for kind in kinds) for row in blood(data))
    write_table(folder, kinds, labels, data)


def streets(data: Path, folder: Path) -> None:
    """The published validation photos judge; the end of each film to learn from is held out.

    Photos of one film follow each other at a second's distance: a random part would be known.
    """
    films: dict[str, list[Path]] = {}
    for image in sorted((data / "streets/train/images").iterdir()):
        films.setdefault(image.name.partition("_")[0], []).append(image)
    parts = {"test": sorted((data / "streets/validation/images").iterdir())}
    for film in films.values():
        held = round(SHARE * len(film))
        parts.setdefault("train", []).extend(film[:-held])
        parts.setdefault("validation", []).extend(film[-held:])
    for split, images in parts.items():
        for image in images:
            link(image, folder / split / "images" / image.name)
            masks = image.parents[1] / "masks"
            (mask,) = masks.glob(f"{image.stem}.*")
            link(mask, folder / split / "masks" / mask.name)


def blood(data: Path) -> Iterator[dict[str, str]]:
    """The rows of the table of counts, each with its published split."""
    root = data / "blood_cells"
    with (root / "counts.csv").open(newline="", encoding="utf-8") as file:
        rows = {Path(row["image"]).stem: row for row in csv.DictReader(file)}
    for split, name in (("train", "train"), ("validation", "val"), ("test", "test")):
        for stem in (root / f"ImageSets/Main/{name}.txt").read_text().split():
            yield {**rows[stem], "split": split}


def write_table(
    folder: Path, names: tuple[str, ...], labels: Iterator[tuple[str, ...]], data: Path
) -> None:
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("image", "split", *names))
        for row, label in zip(blood(data), labels, strict=True):
            table.writerow((data / "blood_cells" / row["image"], row["split"], *label))


def link(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(file)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.name.encode()).hexdigest()


def laid_out(name: str, data: Path, root: Path) -> Path:
    """The folder in which the set lies with its splits, made anew where it was left unfinished."""
    folder = root / name
    if not folder.exists():
        fresh = root / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        SETS[name].lay_out(data.resolve(), fresh)
        fresh.rename(folder)
    return folder


TABLE = ("data.path={folder}/table.csv",)
SETS = {
    "cats_dogs": PhotoSet(
        "binary",
        "folder",
        ("data.path={folder}",),
        "accuracy",
        True,
        "auc",
        "cats or dogs: 510 photos to learn from, 90 for validation, 400 to judge",
        cats_dogs,
    ),
    "red_cells": PhotoSet(
        "regression",
        "csv",
        TABLE,
        "mae/red",
        False,
        "mae",
        "how many red blood cells: 205 photos to learn from, 87 for validation, 72 to judge",
        red_cells,
    ),
    "cell_kinds": PhotoSet(
        "multilabel",
        "csv",
        TABLE,
        "mean_average_precision",
        True,
        "auc_pr",
        "which of red, white blood cells and platelets are there: the same photos; only platelets "
        "are often missing",
        cell_kinds,
    ),
    "streets": PhotoSet(
        "segmentation",
        "folder",
        ("data.path={folder}", "task.ignore=11"),
        "mean_iou",
        True,
        "mean_iou",
        "streets, 11 classes: the last 15 % of each film to learn from for validation, the "
        "published validation photos to judge",
        streets,
    ),
}
