"""Which folders are splits and which are classes. Standard library only: the generator runs it.

Both are folders, and a class may be called "train". Where names and nesting allow two readings,
training stops, for nothing would show a wrong guess.
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .walk import SYSTEM, FolderError, entries

{% include "source/_layout/splits.py" %}
BESIDE = {"", "data", "folder", "image", "images", "img", "imgs", "photos", "set", "split"}

Path = tuple[str, ...]  # the folders and the name, from the root on


class Found(NamedTuple):
    """An image of a class."""

    path: Path
    label: str
    split: str  # "" where the folders do not say


def read(
    root: str, paths: Iterable[Path], unused: Counter[str], splits: str
) -> tuple[list[Found], list[str]]:
    """The images with their classes, and lines on what is not used or may surprise."""
    paths = list(paths)
    level = _level(paths, 0, splits=True)
    turned = splits != "none" and _splits_in_classes(paths, level)
    places = [_turned(path, level) if turned else path for path in paths]
    given = _given(os.path.join(root, *places[0][:level]), places, level, splits) if places else {}
    empty = _empty_splits(os.path.join(root, *places[0][:level]), given) if given else []
    inside = [place for place in places if len(place) > level + 1 and place[level] in given]
    if inside and all(len(x) > level + 3 and x[level] == x[level + 1] for x in inside):
        level += 1  # as archives do: test_set/test_set/cat
    below = _level(inside, level + 1)
    learned = {x[below] for x in inside if given[x[level]] == "train" and len(x) > below + 1}
    folders = {x[below] for x in inside if len(x) > below + 1}  # test/images is no class
    wrappers = {x for x in folders if x.lower() in BESIDE or split_of(x)} - learned
    found = []
    for path, place in zip(paths, places, strict=True):
        split = given.get(place[level], "") if len(place) > level + 1 else ""
        depth = below if split else level
        if len(place) < depth + 2 or (split and split != "train" and place[depth] in wrappers):
            unused["in no class folder"] += 1
        elif given and not split and "train" in given.values():
            unused["beside the splits"] += 1
        else:
            found.append(Found(path, unicodedata.normalize("NFC", place[depth]), split))
    parents = {x.path[: level if turned or not x.split else below] for x in found}
    if len({x.label for x in found}) > 1:
        _refuse_empty(root, parents, paths)
    return found, [*empty, *_surprises(root, found), *_summary(root, unused)]


def _level(paths: Sequence[Path], level: int, splits: bool = False) -> int:
    """Where the folders begin that differ: one that holds all the others has no meaning."""
    while True:
        folders = {path[level] for path in paths if len(path) > level + 1}
        inner = {path[level + 1] for path in paths if len(path) > level + 2}
        if len(folders) != 1 or not inner:
            return level
        if splits and split_of(folders.pop()) and not all(map(split_of, inner)):
            return level
        level += 1


{% include "source/_layout/split_of.py" %}


def _splits_in_classes(paths: Iterable[Path], level: int) -> bool:
    """Has every class folder its own train folder, and nothing beside such?"""
    folders: dict[str, set[str | None]] = {}
    for path in paths:
        if len(path) > level + 1:
            inner = path[level + 1] if len(path) > level + 2 else ""
            folders.setdefault(path[level], set()).add(split_of(inner))
    called = any(map(split_of, folders))
    return not called and all("train" in of and "" not in of for of in folders.values())


def _turned(path: Path, level: int) -> Path:
    """With the second folder before the first one."""
    first, second = path[level : level + 1], path[level + 1 : level + 2]
    return (*path[:level], *second, *first, *path[level + 2 :]) if len(path) > level + 2 else path


def _given(top: str, places: Sequence[Path], level: int, splits: str) -> dict[str, str]:
    """The folders that are splits, each with the one that it stands for."""
    folders: dict[str, set[str]] = {}  # each with those inside
    for place in places:
        if len(place) > level + 1:
            folders.setdefault(place[level], set()).update(place[level + 1 : -1][:1])
    given = _called(folders)
    others = sorted(folders.keys() - given.keys())
    train = [name for name, split in given.items() if split == "train"]
    if splits == "none":
        return {}
    if given and (splits == "folders" or (not others and any(folders[name] for name in train))):
        return given
    if not any(folders[name] for name in given) and len(train) == len(given) != len(folders):
        given = {}  # nothing could be learned from a split without classes
    odd = [*given, *(f"{n}/{x}" for n in others for x in sorted(folders[n]) if split_of(x))]
    if not odd:
        return given
    classes = ", ".join(sorted(folders.get(odd[0], ()))[:3])
    has = f"the classes {classes}" if classes else "no folder for a class inside"
    beside = f", and beside it are {', '.join(others[:3])}" if others else ""
    raise FolderError(
        f"the folder {os.path.join(top, odd[0])} may be a split or a class. As a split it has "
        f'{has}{beside}; splits = "folders"'
        ' reads it so. As a class it is what its images show; splits = "none" reads it so'
    )


def _called(folders: Iterable[str]) -> dict[str, str]:
    """The folders that are called as splits, also if all have a word more: seg_train, seg_test."""
    words = {name: {*re.split(r"[-_. ]+", name.lower())} for name in folders}
    more = [of for of in words.values() if of & SPLIT.keys()]
    common = set.intersection(*more) - SPLIT.keys() if len(more) > 1 else set()
    left = {name: split_of(" ".join(sorted(of - common))) for name, of in words.items()}
    plain = {name: split_of(name) for name in words}
    named = left if len({*left.values()} - {""}) > 1 and common else plain
    return {name: split for name, split in named.items() if split}


def _empty_splits(top: str, given: dict[str, str]) -> list[str]:
    """Warn of an empty split: its share would silently be held out of the others."""
    folders = [entry for entry in entries(top) if entry.is_dir() and split_of(entry.name)]
    return [f"{x.path} has no images" for x in folders if x.name not in given]


def _refuse_empty(root: str, parents: Iterable[Path], paths: Iterable[Path]) -> None:
    """Refuse a class folder without images, which no metric would show."""
    filled = {path[:depth] for path in paths for depth in range(1, len(path))}
    for parent in sorted(parents):
        for entry in entries(os.path.join(root, *parent)):
            empty = entry.is_dir() and (*parent, entry.name) not in filled
            if empty and not SYSTEM.fullmatch(entry.name):
                raise FolderError(f"the class folder {entry.path} has no images; fill or remove it")


def _surprises(root: str, found: Iterable[Found]) -> list[str]:
    """Warnings about names that may be one class, or a split."""
    alike: dict[str, list[str]] = {}
    for label in sorted({x.label for x in found}):
        alike.setdefault("".join(label.casefold().split()), []).append(label)
    twins = [" and ".join(map(repr, names)) for names in alike.values() if len(names) > 1]
    return [
        *(f"{root}: the classes {names} differ by case or blanks only" for names in twins),
        *(f"{root}: {name!r} is a class here, not a split" for name in alike if split_of(name)),
        *_same_inside(root, found),
    ]


def _same_inside(root: str, found: Iterable[Found]) -> list[str]:
    """Where all classes have the same folders inside, those may be what the user means."""
    inside: dict[str, set[str]] = {}
    for x in found:
        names = [unicodedata.normalize("NFC", name) for name in x.path[:-1]]
        below = names[names.index(x.label) + 1 :][:1]
        inside.setdefault(x.label, set()).update(name for name in below if not split_of(name))
    first = next(iter(inside.values()), set())
    if len(first) < 2 or any(names != first for names in inside.values()):
        return []
    return [
        f"{root}: each class has the same folders inside, {', '.join(sorted(first)[:5])}, and they "
        f"count for nothing; if they are the classes, move them out of {', '.join([*inside][:5])}"
    ]


{% include "source/_layout/summary.py" %}
