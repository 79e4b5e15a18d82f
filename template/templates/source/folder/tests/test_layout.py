"""Splits and classes: every image has one meaning, is counted, or stops the reading."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from {{ cookiecutter.package }}.data.layout import read
from {{ cookiecutter.package }}.data.walk import FolderError, walk


def classes(root: Path, *files: str, splits: str = "auto") -> dict[str, list[str]]:
    """The classes of each split, once for each image."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(b"")
    found: dict[str, list[str]] = {}
    unused: Counter[str] = Counter()
    for image in read(str(root), walk(str(root), unused), unused, splits)[0]:
        found.setdefault(image.split, []).append(image.label)
    return found


def notes(root: Path) -> list[str]:
    unused: Counter[str] = Counter()
    return read(str(root), walk(str(root), unused), unused, "auto")[1]


@pytest.mark.parametrize("train", ["train", "Train", "training"])
@pytest.mark.parametrize("validation", ["val", "VALID", "validation", "dev"])
def test_splits_have_several_names(train: str, validation: str, tmp_path: Path) -> None:
    found = classes(tmp_path, f"{train}/a/1.png", f"{train}/b/1.png", f"{validation}/a/1.png")
    assert found == {"train": ["a", "b"], "validation": ["a"]}


def test_folders_around_and_inside_mean_nothing(tmp_path: Path) -> None:
    found = classes(tmp_path, *(f"x/y/{s}/z/{c}/1.png" for s in ("train", "test") for c in "ab"))
    assert found == {"train": ["a", "b"], "test": ["a", "b"]}


def test_splits_may_be_inside_classes(tmp_path: Path) -> None:
    found = classes(tmp_path, *(f"{c}/{s}/1.png" for c in "ab" for s in ("train", "val")))
    assert found == {"train": ["a", "b"], "validation": ["a", "b"]}


def test_a_class_called_train_swallows_no_other(tmp_path: Path) -> None:
    found = classes(tmp_path, "bus/1.png", "train/1.png", "tram/1.png")
    assert found == {"": ["bus", "train", "tram"]}
    assert notes(tmp_path) == [f"{tmp_path}: 'train' is a class here, not a split"]


@pytest.mark.parametrize(
    ("files", "folder", "as_splits", "as_classes"),
    [
        ("train/a train/b car", "train", {"train": ["a", "b"]}, ["car", "train", "train"]),
        ("cat dog test", "test", {"": ["cat", "dog"]}, ["cat", "dog", "test"]),
        ("cat dog test/cat", "test", {"": ["cat", "dog"], "test": ["cat"]}, ["cat", "dog", "test"]),
        ("train test", "test", {}, ["test", "train"]),
        ("cat/train cat/test dog", "cat/test", None, ["cat", "cat", "dog"]),
    ],
)
def test_doubt_stops(
    files: str,
    folder: str,
    as_splits: dict[str, list[str]] | None,
    as_classes: list[str],
    tmp_path: Path,
) -> None:
    with pytest.raises(FolderError, match=f'{folder} may be a split or a class.*splits = "none"'):
        classes(tmp_path, *(f"{file}/1.png" for file in files.split()))
    assert classes(tmp_path, splits="none") == {"": as_classes}
    if as_splits is not None:
        assert classes(tmp_path, splits="folders") == as_splits


def test_what_is_in_no_class_is_counted(tmp_path: Path) -> None:
    classes(tmp_path, "1.png", "train/1.png", "train/a/1.png", "train/b/1.png", "train/notes.txt")
    line = "files that are not used: 2 in no class folder, 1 no image (.txt)"
    assert notes(tmp_path) == [f"{tmp_path}: {line}"]


def test_beside_the_splits_is_counted(tmp_path: Path) -> None:
    classes(tmp_path, "train/a/1.png", "train/b/1.png", "more/1.png", splits="folders")
    unused: Counter[str] = Counter()
    read(str(tmp_path), walk(str(tmp_path), unused), unused, "folders")
    assert unused == {"beside the splits": 1}


def test_names_are_compared_in_one_form(tmp_path: Path) -> None:
    one, other = unicodedata.normalize("NFC", "Käfer"), unicodedata.normalize("NFD", "Käfer")
    found = classes(tmp_path, f"train/{one}/1.png", "train/b/1.png", f"test/{other}/1.png")
    assert found == {"train": [one, "b"], "test": [one]}


def test_names_that_differ_by_case_or_blanks_are_reported(tmp_path: Path) -> None:
    classes(tmp_path, "Red cat/1.png", "redcat/1.png", "dog/1.png")
    assert notes(tmp_path) == [
        f"{tmp_path}: the classes 'Red cat' and 'redcat' differ by case or blanks only"
    ]


def test_a_class_without_images_stops(tmp_path: Path) -> None:
    (tmp_path / "train" / "c").mkdir(parents=True)
    with pytest.raises(FolderError, match=r"the class folder .*c has no images"):
        classes(tmp_path, "train/a/1.png", "train/b/1.png", "test/a/1.png")
