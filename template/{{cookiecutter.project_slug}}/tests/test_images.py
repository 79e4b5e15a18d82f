"""An image is read as Pillow reads it, and by an exported model as in training."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps

from {{ cookiecutter.package }} import images
from {{ cookiecutter.package }}.augment import distort
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.source_settings import Data

SIZE = 48
RANDOM = np.random.default_rng(0)
NOISE = Image.fromarray(RANDOM.integers(0, 255, (6, 8, 3), dtype="uint8"))
PHOTO = NOISE.resize((80, 60), Image.Resampling.BICUBIC)
OPACITY = Image.fromarray(np.tile(np.linspace(0, 255, 80).astype("uint8"), (60, 1)))
CLEAR = PHOTO.convert("RGBA")
CLEAR.putalpha(OPACITY)
GREY = np.asarray(PHOTO.convert("L"))
PALETTE = PHOTO.quantize(64)
TURNED = [PHOTO.rotate(180)]

Read = Callable[[tf.Tensor], tf.Tensor]

# The picture, the format, how it is saved, and whether an exported model reads it as well.
KINDS = {
    "jpeg": (PHOTO, "JPEG", {"quality": 95}, True),
    "progressive": (PHOTO, "JPEG", {"quality": 95, "progressive": True}, True),
    "grey jpeg": (PHOTO.convert("L"), "JPEG", {"quality": 95}, True),
    "cmyk jpeg": (PHOTO.convert("CMYK"), "JPEG", {"quality": 95}, True),
    "png": (PHOTO, "PNG", {}, True),
    "grey png": (PHOTO.convert("L"), "PNG", {}, True),
    "grey png with alpha": (PHOTO.convert("LA"), "PNG", {}, True),
    "png with alpha": (CLEAR, "PNG", {}, True),
    "png with palette": (PALETTE, "PNG", {}, True),
    "png with a clear colour": (PALETTE, "PNG", {"transparency": 3}, True),
    "png of 16 bits": (Image.fromarray(GREY.astype("uint16") * 257), "PNG", {}, True),
    "png of 1 bit": (PHOTO.convert("1"), "PNG", {}, True),
    "bmp": (PHOTO, "BMP", {}, True),
    "bmp with palette": (PALETTE, "BMP", {}, False),
    "gif": (PALETTE, "GIF", {}, True),
    "gif with a clear colour": (PALETTE, "GIF", {"transparency": 3}, False),
    "moving gif": (PALETTE, "GIF", {"save_all": True, "append_images": TURNED}, True),
    "webp": (PHOTO, "WEBP", {"lossless": True}, True),
    "webp with alpha": (CLEAR, "WEBP", {"lossless": True}, False),
    "moving webp": (PHOTO, "WEBP", {"save_all": True, "append_images": TURNED}, False),
}


@pytest.fixture(scope="module")
def settings(config: Config) -> Data:
    return config.data.model_copy(update={"image_size": SIZE, "resize": "stretch"})


@pytest.fixture(scope="module")
def read(settings: Data) -> Read:
    """Reading a file as prediction does."""
    path = [tf.TensorSpec((), tf.string)]
    return tf.function(lambda file: images.read_image(file, settings), path, autograph=False)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_as_pillow_reads_it(
    kind: str, read: Read, settings: Data, tmp_path: Path
) -> None:
    """Colours differ by less than one of 255 on average, and nowhere by more than twelve."""
    picture, form, how, exported = KINDS[kind]
    content = encoded(picture, form, **how)
    (tmp_path / "image").write_bytes(content)
    image = read(tf.constant(str(tmp_path / "image"))).numpy()
    wide = on_white(picture, content).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    difference = np.abs(image - np.asarray(wide).astype("float32"))
    assert difference.mean() < 1
    assert difference.max() <= 12
    if exported:
        turn = images.turn_of(tf.constant(content))
        assert np.array_equal(images.decode(tf.constant(content), turn, settings), image)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_turned_as_its_camera_says(turn: int, form: str, settings: Data) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    content = encoded(PHOTO, form, exif=exif, quality=95)
    assert int(images.turn_of(tf.constant(content))) == turn
    image = images.decode(tf.constant(content), tf.constant(turn), settings).numpy()
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    wide = upright.resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    assert np.abs(image - np.asarray(wide).astype("float32")).mean() < 1.5


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_damaged_exif_is_no_reason_to_fail(form: str) -> None:
    """Whatever the bytes, the answer is an orientation."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = bytearray(encoded(PHOTO, form, exif=exif))
    turn_of = tf.function(images.turn_of, [tf.TensorSpec((), tf.string)], autograph=False)
    for _ in range(200):
        damaged = bytearray(content)
        damaged[RANDOM.integers(2, 60)] = RANDOM.integers(256)
        part = bytes(damaged[: RANDOM.integers(2, 300)])
        assert 1 <= int(turn_of(tf.constant(part))) <= 8
    for swapped in (b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xe1"):
        assert int(turn_of(tf.constant(swapped))) == 1


@pytest.mark.parametrize("way", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("times", [1, 2, 5, 9])
def test_a_large_photo_keeps_its_shape(way: str, times: int, settings: Data) -> None:
    """A JPEG that is decoded at a part of its size shows what Pillow shows."""
    photo = PHOTO.resize((96 * times, 48 * times), Image.Resampling.BICUBIC)
    image = images.decode(
        tf.constant(encoded(photo, "JPEG", quality=95)),
        tf.constant(1),
        settings.model_copy(update={"resize": way}),
    ).numpy()
    fit = {"crop": ImageOps.fit, "pad": ImageOps.pad, "stretch": Image.Image.resize}[way]
    expected = np.asarray(fit(photo, (SIZE, SIZE), Image.Resampling.BILINEAR)).astype("float32")
    assert np.abs(image - expected).mean() < 3


@pytest.mark.parametrize("way", ["crop", "pad", "stretch"])
def test_a_plain_photo_is_read_without_a_choice_and_looks_the_same(
    way: str, settings: Data, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"resize": way})
    assert images.is_plain(*PHOTO.size, settings)
    assert not images.is_plain(2 * SIZE, 2 * SIZE, settings)
    file = tmp_path / "photo.jpg"
    file.write_bytes(encoded(PHOTO, "JPEG"))
    plain = images.read_image(tf.constant(str(file)), settings, images.UPRIGHT, plain=True)
    chosen = images.read_image(tf.constant(str(file)), settings, images.UPRIGHT)
    assert np.array_equal(plain, chosen)


@pytest.mark.parametrize("strength", ["light", "strong"])
def test_a_mask_moves_with_its_image(strength: str, settings: Data) -> None:
    """The image is its own mask: shifts and mirrors are the same for both, colours are not."""
    both = settings.model_copy(update={"flip": "both"})
    square = np.zeros((SIZE, SIZE, 3), "uint8")
    square[5:20, 9:30] = 200
    masks = []
    for number in range(8):
        start = tf.constant([7, number])
        moved = distort(tf.constant(square), tf.constant(square[..., :1]), start, strength, both)
        image, mask = (part.numpy()[..., 0] for part in moved)
        assert np.array_equal(image > (int(image.min()) + int(image.max())) / 2, mask == 200)
        masks.append(mask.tobytes())
    assert len(set(masks)) > 4


def encoded(picture: Image.Image, form: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def on_white(picture: Image.Image, content: bytes) -> Image.Image:
    """What Pillow makes of the file; of 16 bits it would cut off the wrong ones."""
    if picture.mode.startswith("I"):
        return Image.fromarray(GREY).convert("RGB")
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
