"""Every image is looked at once, and none that cannot be read gets past."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from {{ cookiecutter.package }} import listing
from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.folders import images_in
from {{ cookiecutter.package }}.looking import PILLOW, Look, look

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype="uint8")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is remembered goes to the folder where one is."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(file: Path, orientation: int = 1, mode: str = "RGB", kind: str | None = None) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(PIXELS).convert(mode).save(file, format=kind, exif=exif)
    return file


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "gif", "webp"])
def test_a_damaged_image_is_found_out(suffix: str, place: Path) -> None:
    file = save(place / f"image.{suffix}")
    seen = look(str(file))
    assert (seen.width, seen.height, seen.problem) == (40, 30, "")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    assert "damaged" in look(str(file)).problem


def test_what_is_no_image_is_said(place: Path) -> None:
    (place / "empty.jpg").write_bytes(b"")
    (place / "text.jpg").write_text("no image")
    (place / "folder.jpg").mkdir()
    names = ("empty.jpg", "text.jpg", "folder.jpg", "nowhere.jpg")
    problems = [look(str(place / name)).problem for name in names]
    assert problems[0] == "it is empty"
    assert problems[1].startswith("it is not an image")
    assert all(problems)


def test_orientation_and_who_decodes(place: Path) -> None:
    turned = look(str(save(place / "turned.jpg", orientation=6)))
    assert (turned.turn, turned.width, turned.height) == (6, 40, 30)
    upright = look(str(save(place / "turned.webp", orientation=6)))
    assert (upright.turn, upright.width, upright.height) == (PILLOW, 30, 40)
    for name, mode in (("ink.jpg", "CMYK"), ("clear.png", "RGBA"), ("palette.png", "P")):
        assert look(str(save(place / name, mode=mode))).turn == 1
    for name, mode in (("a.gif", "P"), ("a.webp", "RGBA"), ("palette.bmp", "P")):
        assert look(str(save(place / name, mode=mode))).turn == PILLOW


def test_nothing_in_a_folder_is_passed_over(place: Path) -> None:
    names = {"a.PNG", "b.tif", "c.heic", "Ü/d.jpeg", "e.png/f.gif"}
    for name in (*names, "notes.txt", ".hidden.png"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(b"")
    found = {file.relative_to(place).as_posix() for file in images_in(place)}
    assert found == names
    with pytest.raises(ConfigError, match=r"the folder .*txt cannot be read"):
        list(images_in(place / "notes.txt"))


def test_names_of_any_kind(place: Path) -> None:
    long = place.joinpath(*["folder" * 20] * 8, "image.png")
    names = [place / "Größe ÅÄ 画像 😀.png", place / "a b 'c' [d].png", long]
    assert not any(look(str(save(file))).problem for file in names)


def test_only_what_has_changed_is_looked_at_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [str(save(place / f"{number}.png")) for number in range(4)]
    first = listing.look_at(files, place)
    looked: list[str] = []
    monkeypatch.setattr(listing, "look", lambda entry: looked.append(entry) or look(entry))
    assert listing.look_at(files, place) == first
    assert looked == []
    Path(files[1]).write_bytes(b"")
    os.utime(save(Path(files[2]), mode="L"), ns=(1, 1))
    again = listing.look_at(files, place)
    assert sorted(looked) == files[1:3]
    assert again[1].problem == "it is empty"
    assert again[2].digest != first[2].digest
    listing.remembered(place).write_text("damaged")
    assert listing.look_at(files, place) == again


def test_what_could_not_be_read_is_tried_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(save(place / "1.png"))
    monkeypatch.setattr(listing, "look", lambda entry: Look(problem="permission denied"))
    assert listing.look_at([file], place)[0].problem
    monkeypatch.undo()
    monkeypatch.chdir(place)
    assert not listing.look_at([file], place)[0].problem


def test_a_check_that_is_stopped_goes_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(save(place / f"{number}.png")) for number in range(6)]

    def stopped(entry: str) -> object:
        if entry == files[3]:
            raise KeyboardInterrupt
        return look(entry)

    monkeypatch.setattr(listing, "look", stopped)
    with pytest.raises(KeyboardInterrupt):
        listing.look_at(files, place)
    looked: list[str] = []
    monkeypatch.setattr(listing, "look", lambda entry: looked.append(entry) or look(entry))
    listing.look_at(files, place)
    assert sorted(looked) == files[3:]
