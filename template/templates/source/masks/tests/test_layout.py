"""Images and their masks, wherever the words for them stand in a path."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from {{ cookiecutter.package }}.data.layout import read
from {{ cookiecutter.package }}.data.walk import FolderError, walk


def pairs(root: Path, *files: str, splits: str = "auto") -> set[tuple[str, str, str]]:
    """The image, the mask and the split of each example."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(b"")
    unused: Counter[str] = Counter()
    found, _ = read(str(root), walk(str(root), unused), unused, splits)
    return {("/".join(x.path), "/".join(x.mask), x.split) for x in found}


@pytest.mark.parametrize(
    ("image", "mask", "split"),
    [
        ("images/1.jpg", "masks/1.png", ""),
        ("JPEGImages/1.jpg", "SegmentationClass/1.png", ""),
        ("images/1.jpg", "annotations/trimaps/1.png", ""),
        ("1.jpg", "1_mask.png", ""),
        ("1_sat.jpg", "1-Mask.png", ""),
        ("one/image.png", "one/mask.png", ""),
        ("Train/images/1.jpg", "Train/labels/1.png", "train"),
        ("images/val/1.jpg", "gt/val/1.png", "validation"),
        ("testing/1.jpg", "testing_masks/1.png", "test"),
        ("test/1.jpg", "testannot/1.png", "test"),
        ("x/img/rome/1_leftImg8bit.png", "x/gtFine/rome/1_gtFine_labelIds.png", ""),
    ],
)
def test_an_image_and_its_mask(image: str, mask: str, split: str, tmp_path: Path) -> None:
    assert pairs(tmp_path, image, mask) == {(image, mask, split)}
    assert pairs(tmp_path, splits="none") == {(image, mask, "")}


def test_other_folders_are_part_of_the_name(tmp_path: Path) -> None:
    files = [f"{kind}/{of}/1.png" for kind in ("images", "masks") for of in ("crash test", "b")]
    assert {split for *_, split in pairs(tmp_path, *files)} == {""}


def test_doubt_stops(tmp_path: Path) -> None:
    files = [f"{of}{kind}/1.png" for kind in ("images", "masks") for of in ("test/", "")]
    with pytest.raises(FolderError, match="is in a folder called as a split, and"):
        pairs(tmp_path, *files)
    assert {split for *_, split in pairs(tmp_path, splits="folders")} == {"", "test"}
    assert {split for *_, split in pairs(tmp_path, splits="none")} == {""}


def test_a_split_without_masks_is_counted(tmp_path: Path) -> None:
    found = pairs(tmp_path, "train/images/1.png", "train/masks/1.png", "test/images/1.png")
    assert {split for *_, split in found} == {"train"}
    unused: Counter[str] = Counter()
    read(str(tmp_path), walk(str(tmp_path), unused), unused, "auto")
    assert unused == {"of the split test, which has no masks": 1}


def test_without_any_mask_it_stops(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"has no mask.*first of 1"):
        pairs(tmp_path, "images/1.png")
