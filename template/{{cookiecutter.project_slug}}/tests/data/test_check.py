"""Every image is looked at once, and none that cannot be read gets past."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.data import check
from {{ cookiecutter.package }}.data.check import FOLDER, METADATA, Look, look, look_at
from {{ cookiecutter.package }}.examples import Item

NOISE = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype="uint8")
PHOTO = Image.fromarray(NOISE)
CLEAR = PHOTO.convert("RGBA")
CLEAR.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 40).astype("uint8"), (30, 1))))
PALETTE = PHOTO.quantize(64)
GREY = PHOTO.convert("L")
DEEP = Image.fromarray(np.asarray(GREY).astype("uint16") * 257)
TURNED = {"save_all": True, "append_images": [PHOTO.rotate(180)]}

# What TensorFlow would not read, or show otherwise than Pillow: the picture, its format, and how
# it is saved.
ODD = {
    "png with alpha": (CLEAR, "PNG", {}),
    "grey png with alpha": (CLEAR.convert("LA"), "PNG", {}),
    "png with palette": (PALETTE, "PNG", {}),
    "png with a clear colour": (PALETTE, "PNG", {"transparency": 3}),
    "rgb png with a clear colour": (PHOTO, "PNG", {"transparency": tuple(NOISE[0, 0].tolist())}),
    "png of 16 bits": (DEEP, "PNG", {}),
    "png of 1 bit": (PHOTO.convert("1"), "PNG", {}),
    "moving png": (PHOTO, "PNG", TURNED),
    "bmp": (PHOTO, "BMP", {}),
    "bmp with palette": (PALETTE, "BMP", {}),
    "gif": (PALETTE, "GIF", {}),
    "gif with a clear colour": (PALETTE, "GIF", {"transparency": 3}),
    "moving gif": (PALETTE, "GIF", TURNED),
    "webp": (PHOTO, "WEBP", {"lossless": True}),
    "webp with alpha": (CLEAR, "WEBP", {"lossless": True}),
    "moving webp": (PHOTO, "WEBP", TURNED),
    "tiff": (PHOTO, "TIFF", {}),
    "cmyk tiff": (PHOTO.convert("CMYK"), "TIFF", {}),
}
PLAIN = {
    "jpeg": (PHOTO, "JPEG", {}),
    "progressive jpeg": (PHOTO, "JPEG", {"progressive": True}),
    "grey jpeg": (GREY, "JPEG", {}),
    "png": (PHOTO, "PNG", {}),
    "grey png": (GREY, "PNG", {}),
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is found is kept in cache/ of the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(file: Path, orientation: int = 1, mode: str = "RGB", kind: str | None = None) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file.parent.mkdir(parents=True, exist_ok=True)
    PHOTO.convert(mode).save(file, format=kind, exif=exif)
    return file


def on_white(content: bytes) -> Image.Image:
    """What Pillow makes of a file."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)).convert("RGBA"))
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_image_becomes_a_plain_copy_with_the_pixels_that_pillow_sees(kind: str) -> None:
    picture, form, how = ODD[kind]
    picture.save("odd", form, **how)
    seen = look("odd")
    assert not seen.problem
    assert Path(seen.file) == FOLDER / f"{seen.digest}.png"
    assert (seen.width, seen.height, seen.turn) == (40, 30, 1)
    with Image.open(seen.file) as copy:
        assert copy.mode in ("L", "RGB")
        pixels = np.asarray(copy.convert("RGB"))
    # Of 16 bits Pillow would cut off the wrong ones.
    expected = GREY.convert("RGB") if picture is DEEP else on_white(Path("odd").read_bytes())
    assert np.array_equal(pixels, np.asarray(expected))
    again = look(seen.file)
    assert again.file == seen.file


def test_which_images_are_read_from_copies_is_said(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(save(place / name)) for name in ("1.png", "2.tif", "3.webp", "4.tif")]
    look_at(files)
    said = capsys.readouterr().err
    assert "read from upright PNG copies of 8 bits in cache/: 2 .tif, 1 .webp" in said


@pytest.mark.parametrize("kind", PLAIN)
def test_a_plain_image_is_read_where_it_is(kind: str) -> None:
    picture, form, how = PLAIN[kind]
    picture.save("plain", form, **how)
    seen = look("plain")
    assert seen == Look("plain", seen.digest, 40, 30)
    assert not FOLDER.exists()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_that_lies_on_its_side_stays_so_and_its_turn_is_told(
    turn: int, place: Path
) -> None:
    """A JPEG of many pixels is turned when it is small; an odd image is turned in its copy."""
    seen = look(str(save(place / "photo.jpg", turn)))
    assert seen == Look(str(place / "photo.jpg"), seen.digest, 40, 30, turn)
    for kind in ("WEBP", "PNG"):
        seen = look(str(save(place / "photo", turn, kind=kind)))
        assert (seen.turn, seen.width, seen.height) == (1, *((30, 40) if turn > 4 else (40, 30)))
        with Image.open(seen.file) as copy:
            expected = on_white((place / "photo").read_bytes())
            assert np.array_equal(np.asarray(copy), np.asarray(expected))


def test_an_orientation_that_is_none_is_upright(place: Path) -> None:
    assert [look(str(save(place / "1.jpg", turn))).turn for turn in (0, 9, 255)] == [1, 1, 1]


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_damaged_exif_is_no_reason_to_fail(form: str, place: Path) -> None:
    """Whatever the bytes, the answer is an orientation, or what is wrong with the image."""
    whole = save(place / "image", 6, kind=form).read_bytes()
    random = np.random.default_rng(1)
    for _ in range(100):
        damaged = bytearray(whole)
        damaged[random.integers(2, 60)] = random.integers(256)
        (place / "image").write_bytes(damaged)
        seen = look("image")
        assert seen.problem or seen.turn in range(1, 9)


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "gif", "webp"])
def test_a_damaged_image_is_found_out(suffix: str, place: Path) -> None:
    file = save(place / f"image.{suffix}")
    seen = look(str(file))
    assert (seen.width, seen.height, seen.problem) == (40, 30, "")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    assert "cannot be read: it is damaged" in look(str(file)).problem


def test_what_is_no_image_is_said(place: Path) -> None:
    (place / "empty.jpg").write_bytes(b"")
    (place / "text.jpg").write_text("no image")
    (place / "folder.jpg").mkdir()
    names = ("empty.jpg", "text.jpg", "folder.jpg", "nowhere.jpg")
    problems = [look(str(place / name)).problem for name in names]
    assert problems[0] == "cannot be read: it is empty"
    assert problems[1].startswith("cannot be read: it is not an image")
    assert all(problems)


def test_names_of_any_kind(place: Path) -> None:
    long = place.joinpath(*["folder" * 20] * 8, "image.png")
    names = [place / "Größe ÅÄ 画像 😀.png", place / "a b 'c' [d].png", long]
    assert not any(look(str(save(file))).problem for file in names)


def test_faults_are_sentences_that_can_be_printed() -> None:
    items = [Item("a.png", ()), Item("b\udcff.png", (), place="labels.csv, line 3")]
    looks = [Look("a.png"), Look(problem="cannot be read: it is empty")]
    (fault,) = check.faults(items, looks)
    assert fault == "labels.csv, line 3: b?.png cannot be read: it is empty"
    check.refuse(items[:1], looks[:1])
    with pytest.raises(ConfigError, match="first of 1 of 2 images"):
        check.refuse(items, looks)


def test_where_there_is_nothing_to_look_at_nothing_is_said(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(save(place / "1.png"))
    for said in (True, False):
        assert [found.problem for found in look_at([file])] == [""]
        assert bool(capsys.readouterr().err) is said
    assert list(check.looks_of([])) == []
    assert capsys.readouterr().err == ""


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The images that are looked at from now on."""
    looked: list[str] = []
    monkeypatch.setattr(check, "look", lambda entry: looked.append(entry) or look(entry))
    return looked


def test_only_what_has_changed_is_looked_at_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [str(save(place / f"{number}.png")) for number in range(4)]
    first = look_at(files)
    looked = looked_at(monkeypatch)
    assert look_at(files) == first
    assert looked == []
    Path(files[1]).write_bytes(b"")
    os.utime(save(Path(files[2]), mode="L"), ns=(1, 1))
    again = look_at(files)
    assert sorted(looked) == files[1:3]
    assert "it is empty" in again[1].problem
    assert again[2].digest != first[2].digest
    for damaged in ("damaged", "[]", json.dumps({files[0]: 3})):
        METADATA.write_text(damaged)
        assert look_at(files) == again


def test_a_plain_copy_that_is_gone_is_made_again(place: Path) -> None:
    file = str(save(place / "odd.webp"))
    (first,) = look_at([file])
    Path(first.file).unlink()
    assert look_at([file]) == [first]
    assert Path(first.file).exists()


def test_an_image_exchanged_for_another_of_its_size_and_date_is_looked_at(place: Path) -> None:
    """Edited in place, or renamed over it: a program can put the date back, but not all of it."""
    files = [save(place / f"{name}.bmp") for name in "ab"]
    Image.fromarray(255 - NOISE).save(files[1])
    os.utime(files[1], ns=(1, 1))
    os.utime(files[0], ns=(1, 1))
    names = [str(file) for file in files]
    one, other = (look.digest for look in look_at(names))
    files[0].rename("c")
    files[1].rename(files[0])
    Path("c").rename(files[1])
    assert [look.digest for look in look_at(names)] == [other, one]
    files[0].write_bytes(files[1].read_bytes())
    os.utime(files[0], ns=(1, 1))
    assert [look.digest for look in look_at(names)] == [one, one]


def test_a_plain_copy_that_is_damaged_is_made_again(place: Path) -> None:
    file = str(save(place / "odd.webp"))
    (first,) = look_at([file])
    whole = Path(first.file).read_bytes()
    Path(first.file).write_bytes(bytes(len(whole)))
    assert look_at([file]) == [first]
    assert Path(first.file).read_bytes() == whole


def test_equal_images_share_a_copy(place: Path) -> None:
    """Threads that make it at once do not get in each other's way."""
    files = [place / f"{number}.webp" for number in range(40)]
    PHOTO.resize((150, 150)).save(files[0])
    for file in files[1:]:
        shutil.copy(files[0], file)
    looks = look_at([str(file) for file in files])
    assert {(look.file, look.problem) for look in looks} == {(looks[0].file, "")}
    assert {file.name for file in FOLDER.iterdir()} == {Path(looks[0].file).name, METADATA.name}


def test_what_could_not_be_read_is_tried_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(save(place / "1.png"))
    with monkeypatch.context() as patch:
        patch.setattr(check, "look", lambda entry: Look(problem="permission denied"))
        assert look_at([file])[0].problem
    assert not look_at([file])[0].problem


def test_a_check_that_is_stopped_goes_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(save(place / f"{number}.png")) for number in range(6)]

    def stopped(entry: str) -> object:
        if entry == files[3]:
            raise KeyboardInterrupt
        return look(entry)

    with monkeypatch.context() as patch:
        patch.setattr(check, "look", stopped)
        with pytest.raises(KeyboardInterrupt):
            look_at(files)
    looked = looked_at(monkeypatch)
    look_at(files)
    assert sorted(looked) == files[3:]
