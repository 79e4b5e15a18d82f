"""An image is read as Pillow reads it, whatever its size, and varied by nothing but its key."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps

from {{ cookiecutter.package }}.config import Config, Data
from {{ cookiecutter.package }}.data.check import look
from {{ cookiecutter.package }}.data.image import distort, fit, read_image

SIZE = 48
NOISE = np.random.default_rng(0).integers(0, 255, (6, 8, 3), dtype="uint8")
PHOTO = Image.fromarray(NOISE).resize((80, 60), Image.Resampling.BICUBIC)
CLEAR = PHOTO.convert("RGBA")
CLEAR.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 80).astype("uint8"), (60, 1))))

Read = Callable[..., np.ndarray]

# The picture, the format, and how it is saved; tests/data/test_check.py has more of the odd ones.
KINDS = {
    "jpeg": (PHOTO, "JPEG", {"quality": 95}),
    "progressive": (PHOTO, "JPEG", {"quality": 95, "progressive": True}),
    "grey jpeg": (PHOTO.convert("L"), "JPEG", {"quality": 95}),
    "cmyk jpeg": (PHOTO.convert("CMYK"), "JPEG", {"quality": 95}),
    "png": (PHOTO, "PNG", {}),
    "grey png": (PHOTO.convert("L"), "PNG", {}),
    "png with alpha": (CLEAR, "PNG", {}),
    "webp": (PHOTO, "WEBP", {"lossless": True}),
}


@pytest.fixture(scope="module")
def settings(config: Config) -> Data:
    return config.data.model_copy(update={"image_size": SIZE, "resize": "stretch"})


@pytest.fixture
def read(settings: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reading a picture as training does: looked at first, then from where its pixels are."""
    monkeypatch.chdir(tmp_path)

    def pixels(content: bytes, **changes: object) -> np.ndarray:
        Path("image").write_bytes(content)
        seen = look("image")
        assert not seen.problem
        how = settings.model_copy(update=changes)
        return read_image(tf.constant(seen.file), tf.constant(seen.turn), how).numpy()

    return pixels


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_as_pillow_reads_it(kind: str, read: Read) -> None:
    """Colours differ by less than one of 255 on average, and nowhere by more than twelve."""
    picture, form, how = KINDS[kind]
    content = encoded(picture, form, **how)
    image = read(content)
    assert image.dtype == "uint8"
    wide = on_white(content).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    difference = np.abs(image - np.asarray(wide).astype("float32"))
    assert difference.mean() < 1
    assert difference.max() <= 12


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_turned_as_its_camera_says(turn: int, form: str, read: Read) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    content = encoded(PHOTO, form, exif=exif, quality=95)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    wide = upright.convert("RGB").resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    assert np.abs(read(content) - np.asarray(wide).astype("float32")).mean() < 1.5


@pytest.mark.parametrize("way", ["crop", "pad"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photo_lies_where_an_upright_one_does(
    turn: int, way: str, read: Read, settings: Data
) -> None:
    """To the pixel, or it lies beside its mask: an odd number of pixels is cut off, or is added."""
    exif = Image.Exif()
    exif[0x0112] = turn
    content = encoded(PHOTO.crop((0, 0, 64, 47)), "JPEG", exif=exif, quality=95)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))))
    how = settings.model_copy(update={"resize": way})
    expected = fit(tf.constant(upright), how).numpy().astype("float32")
    assert np.abs(read(content, resize=way) - expected).mean() < 1


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_narrow_strip_keeps_a_row(form: str, read: Read) -> None:
    image = read(encoded(PHOTO.resize((200, 2)), form), resize="pad")
    assert [row.any() for row in image].count(True) == 1


@pytest.mark.parametrize("way", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("times", [1, 2, 5, 9])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_large_photo_keeps_its_shape(way: str, times: int, form: str, read: Read) -> None:
    """A JPEG that is decoded at a part of its size shows what Pillow shows."""
    photo = PHOTO.resize((96 * times, 48 * times), Image.Resampling.BICUBIC)
    image = read(encoded(photo, form, quality=95), resize=way)
    fit = {"crop": ImageOps.fit, "pad": ImageOps.pad, "stretch": Image.Image.resize}[way]
    expected = np.asarray(fit(photo, (SIZE, SIZE), Image.Resampling.BILINEAR)).astype("float32")
    assert np.abs(image - expected).mean() < 3


{% include ["task/" ~ cookiecutter.task ~ "/tests/distort.py", "task/_shared/tests/distort.py"] %}


def encoded(picture: Image.Image, form: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def on_white(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
