"""Every file below a folder is an image, or counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from {{ cookiecutter.package }}.data.walk import FolderError, walk

JPEG = b"\xff\xd8\xff\xe0"


def images(root: Path, unused: Counter[str]) -> list[str]:
    return ["/".join(parts) for parts in walk(str(root), unused)]


def put(root: Path, *files: str, content: bytes = b"") -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(content)


def test_each_file_is_an_image_or_counted(tmp_path: Path) -> None:
    shown = ["1.JPE", "2.ppm", "3.webp", "a/4.heic", "a/b/5.jfif"]
    put(tmp_path, *shown)
    put(tmp_path, "a/6", "a/7.jpg_large", content=JPEG)
    put(tmp_path, "a/notes.txt", "a/none", "b.xml", "b/c.xml")
    put(tmp_path, ".x.png", "a/Thumbs.db", "a/._1.jpg", "@eaDir/1/2.png", "__MACOSX/a/1.png")
    unused: Counter[str] = Counter()
    assert sorted(images(tmp_path, unused)) == sorted([*shown, "a/6", "a/7.jpg_large"])
    assert unused == {
        "hidden or of the system": 5,
        "no image (.txt)": 1,
        "no image (.xml)": 2,
        "no image (no suffix)": 1,
    }


def test_links_are_followed_and_circles_are_not(tmp_path: Path) -> None:
    put(tmp_path, "store/deep/1.png", "set/2.png")
    (tmp_path / "set" / "linked").symlink_to(tmp_path / "store")
    (tmp_path / "store" / "deep" / "back").symlink_to(tmp_path / "set")
    (tmp_path / "set" / "self").symlink_to(tmp_path / "set" / "self")
    unused: Counter[str] = Counter()
    assert images(tmp_path / "set", unused) == ["2.png", "linked/deep/1.png"]
    assert unused == {"a link to a folder around it": 1, "no image (no suffix)": 1}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "there is no folder .*nowhere"),
        ("x.png", "is a file, and should be a folder of images"),
        ("x.zip", "is an archive; unpack it"),
    ],
)
def test_what_is_no_folder_is_named(name: str, said: str, tmp_path: Path) -> None:
    put(tmp_path, "x.png", "x.zip")
    with pytest.raises(FolderError, match=said):
        images(tmp_path / name, Counter())
