"""Folders are searched whole, archives are unpacked once, and a file is there whole or not."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.data.files import groups_in, images_in, unpacked, write


def test_nothing_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    names = {"a.PNG", "b.tif", "c.heic", "Ü/d.jpeg", "e.png/f.gif"}
    for name in (*names, "notes.txt", ".hidden.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = {file.relative_to(tmp_path).as_posix() for file in images_in(tmp_path)}
    assert found == names
    with pytest.raises(ConfigError, match=r"notes.txt is a file, and should be"):
        list(images_in(tmp_path / "notes.txt"))


@pytest.mark.parametrize("inner", ["photos", ""])
def test_an_archive_is_unpacked_once(inner: str, tmp_path: Path) -> None:
    """Whether the archive holds the folder or what is in it."""
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr(f"{inner}/left/1.png".lstrip("/"), b"an image")
    for _ in range(2):
        assert unpacked(tmp_path / "photos") == tmp_path / "photos"
        assert (tmp_path / "photos" / "left" / "1.png").read_bytes() == b"an image"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "photos.zip"]
    assert unpacked(tmp_path / "others") == tmp_path / "others"


def test_a_group_is_what_the_pattern_finds_in_the_path(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path("data", "patient-12", "left", "3.png")
    assert groups_in([file, Path("x.png")], r"patient-\d+") == ["patient-12", ""]
    assert "1 of 2 images are in no group, the first is x.png" in capsys.readouterr().out
    assert groups_in([file], "") == [""]
    with pytest.raises(ConfigError, match="in no path, such as"):
        groups_in([file], "nothing")
    with pytest.raises(ConfigError, match=r"group = '\(' is wrong: missing"):
        groups_in([file], "(")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write(path, lambda file: file.write(b"whole"))

    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write(path, fail)
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_another_process_writes_meanwhile_is_still_whole(tmp_path: Path) -> None:
    """The last one wins."""
    path = tmp_path / "file"

    def meanwhile(file: BinaryIO) -> None:
        file.write(b"one, ")
        write(path, lambda other: other.write(b"another"))
        file.write(b"whole")

    write(path, meanwhile)
    assert path.read_bytes() == b"one, whole"
    assert list(tmp_path.iterdir()) == [path]
