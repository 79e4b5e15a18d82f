"""The sample data of each task: balanced, small, credited, and drawn again byte for byte."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from frostline.answers.rules.examples import SAMPLE_CLASSES
from samples import Files, archived, decoded, digest, indices, pictures

pytest.importorskip("sklearn")
np = pytest.importorskip("numpy")
SPLITS = ("train", "validation", "test")
TASKS = tuple(SAMPLE_CLASSES)


@pytest.fixture(scope="module")
def archives(sample: ModuleType) -> dict[str, Files]:
    return {task: archived(sample, task) for task in TASKS}


def rows(files: Files) -> list[dict[str, str]]:
    """The lines of labels.csv; there is one for each picture."""
    lines = list(csv.DictReader(files["sample/labels.csv"].decode().splitlines()))
    assert {f"sample/{line['image']}" for line in lines} == set(pictures(files))
    assert len(lines) == len(pictures(files))
    return lines


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_folders_and_table_agree_on_every_class(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    lines = rows(archives[task])
    assert all(x["image"].split("/")[:2] == [x["split"], x["label"]] for x in lines)
    for split, count in sample.SPLITS[task].items():
        found = Counter(x["label"] for x in lines if x["split"] == split)
        assert found == dict.fromkeys(SAMPLE_CLASSES[task], count)


def test_every_label_and_pair_of_labels_is_in_every_split(archives: dict[str, Files]) -> None:
    lines = rows(archives["multilabel"])
    for split in SPLITS:
        found = [x for x in lines if x["split"] == split]
        sets = {tuple(n for n in SAMPLE_CLASSES["multilabel"] if x[n] == "1") for x in found}
        assert len(sets) == 5 + 10  # one or two of five
        shares = [np.mean([x[n] == "1" for x in found]) for n in SAMPLE_CLASSES["multilabel"]]
        assert all(0.15 < share < 0.5 for share in shares)


def test_angles_are_spread_evenly(archives: dict[str, Files]) -> None:
    lines = rows(archives["regression"])
    for split in SPLITS:
        angles = np.array([float(x["angle"]) for x in lines if x["split"] == split])
        assert abs(angles).max() <= 60
        assert abs(angles.mean()) < 10
        assert 25 < angles.std() < 45


def test_a_turned_digit_is_the_upright_one_turned_clockwise(sample: ModuleType) -> None:
    scan = np.zeros((8, 8))
    scan[0, 3:5] = 1  # a dot at the top moves to the right
    ink = sample.place(scan, np.array([15.5, 15.5]), 3.0, np.radians(60))
    row, column = np.average(np.indices(ink.shape).reshape(2, -1), axis=1, weights=ink.ravel())
    assert 9 < row < 12
    assert 23 < column < 26


def test_masks_show_the_stroke(archives: dict[str, Files]) -> None:
    found = pictures(archives["segmentation"])
    images = {path: content for path, content in found.items() if "/images/" in path}
    assert len(found) == 2 * len(images)
    for path, content in images.items():
        mask = indices(found[path.replace("/images/", "/masks/")])
        assert set(np.unique(mask)) == {0, 1}
        assert 0.03 < mask.mean() < 0.35
        light = decoded(content) @ [0.299, 0.587, 0.114]
        assert light[mask == 1].mean() > light[mask == 0].mean() + 20


@pytest.mark.parametrize("task", TASKS)
def test_the_archive_is_small_and_unpacks_where_it_lies(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    assert sample.archive_of(task).stat().st_size <= 305_000
    assert all(path.startswith("sample/") and ".." not in path for path in archives[task])


@pytest.mark.parametrize("task", TASKS)
def test_the_source_is_credited(task: str, archives: dict[str, Files]) -> None:
    credits = archives[task]["sample/CREDITS.txt"].decode()
    for words in ("Optical Recognition of Handwritten Digits", "Alpaydin", "Kaynak", "CC BY 4.0"):
        assert words in credits
    assert "Changes to the 8 by 8 scans" in credits


@pytest.mark.parametrize("task", TASKS)
def test_each_scan_is_drawn_once_and_none_is_of_a_pretraining_digit(
    task: str, sample: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def noting(draw: Callable[..., Any]) -> Callable[..., Any]:
        def note(scan: Any, *arguments: Any) -> Any:
            drawn.append(digest(scan))
            return draw(scan, *arguments)

        return note

    for name in ("draw", "place"):
        monkeypatch.setattr(sample, name, noting(getattr(sample, name)))
    count = len(pictures(sample.members(task)))
    seen_before = {digest(scan) for scan in sample.scans(range(5))[0]}
    assert len(drawn) == len(set(drawn)) >= count / (2 if task == "segmentation" else 1)
    assert not seen_before & set(drawn)


def test_scans_are_of_the_digits_asked_for_and_distinct(sample: ModuleType) -> None:
    images, labels = sample.scans(range(5))
    assert set(labels) == set(range(5))
    assert len({digest(image) for image in images}) == len(images) > 850


@pytest.mark.parametrize("task", TASKS)
def test_the_archive_is_what_the_script_draws(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    files, shipped = sample.members(task), archives[task]
    assert sample.archive(files) == sample.archive(sample.members(task))
    assert list(shipped) == sorted(files)  # pixels, since other zlibs pack the same ones otherwise
    for path, content in files.items():
        if path.endswith(".png"):
            assert np.array_equal(decoded(content), decoded(shipped[path])), path
        else:
            assert content == shipped[path], path


def test_the_archive_carries_no_clock_and_no_owner(sample: ModuleType) -> None:
    with zipfile.ZipFile(io.BytesIO(sample.archive({"b": b"2", "a": b"1"}))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a", "b"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
