"""Images and masks: what belongs together, and what a mask may hold."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from made import MEANING, SIZE, make_images
from PIL import Image

from {{ cookiecutter.package }} import dataset, maskcheck
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.listing import remembered


def png(mask: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(mask.astype("uint8")).save(file, "PNG")
    return file.getvalue()


WHOLE = png(np.indices((SIZE, SIZE)).sum(axis=0) % 2)


@pytest.fixture
def folder(tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Config]:
    """Thirty images with masks, and settings that point to them and name no classes."""
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "data"
    make_images(root, 30)
    settings = config.data.model_copy(update={"path": root, "validation": 0.2, "test": 0.2})
    head = config.head.model_copy(update={"classes": (), "outputs": 0})
    return root, config.model_copy(update={"data": settings, "head": head})


def test_each_image_comes_with_its_own_mask(folder: tuple[Path, Config]) -> None:
    splits = dataset.read(folder[1])
    for part in (splits.train, splits.validation, splits.test):
        assert len(part)
        for file, mask in zip(part.files, part.targets, strict=True):
            assert (Path(file).parent.name, Path(mask).parent.name) == ("images", "masks")
            assert Path(file).name == Path(mask).name
    assert splits.meaning.names == ("0", "1")
    np.testing.assert_allclose(splits.meaning.shares, MEANING.shares, atol=0.01)


def test_given_splits_are_kept(tmp_path: Path, folder: tuple[Path, Config]) -> None:
    for split, count in (("train", 6), ("validation", 3), ("test", 2)):
        make_images(tmp_path / "given" / split, count)
    found = dataset.read(with_data(folder[1], path=tmp_path / "given"))
    assert [len(x) for x in (found.train, found.validation, found.test)] == [6, 3, 2]


def test_nothing_is_left_over_on_either_side(folder: tuple[Path, Config]) -> None:
    root, config = folder
    (root / "masks" / "data-3.png").rename(root / "masks" / "other.png")
    with pytest.raises(ConfigError, match=r"data-3\.png has no mask.* first of 1 such"):
        dataset.read(config)
    (root / "images" / "data-3.png").unlink()
    with pytest.raises(ConfigError, match=r"other\.png is a mask without its image"):
        dataset.read(config)
    (root / "masks" / "other.png").rename(root / "masks" / "data-4.jpg")
    with pytest.raises(ConfigError, match="differ only in their suffix"):
        dataset.read(config)
    (root / "masks" / "data-4.png").unlink()
    with pytest.raises(ConfigError, match="JPEG changes the numbers"):
        dataset.read(config)
    with pytest.raises(ConfigError, match="must hold the folders images and masks"):
        dataset.read(with_data(config, path=root / "nowhere"))


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (np.zeros((SIZE, SIZE - 1), "uint8"), f"has {SIZE - 1} by {SIZE} pixels, and its image"),
        (np.full((SIZE, SIZE), 7, "uint8"), "holds the number 7, which is no class"),
        (np.zeros((SIZE, SIZE, 3), "uint8"), "cannot be read: it is a picture of the mode RGB"),
    ],
)
def test_a_wrong_mask_is_named(mask: np.ndarray, message: str, folder: tuple[Path, Config]) -> None:
    root, config = folder
    dataset.read(config)  # what is remembered of the mask must not hide that it has changed
    Image.fromarray(mask).save(root / "masks" / "data-3.png")
    with pytest.raises(ConfigError, match=rf"the mask .*data-3\.png {message}"):
        dataset.read(with_classes(config, MEANING.names))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "it is empty"), (b"no image", "it is not an image"), (WHOLE[:-30], "it is damaged")],
    ids=["empty", "text", "cut"],
)
def test_a_damaged_mask_is_named(content: bytes, message: str, folder: tuple[Path, Config]) -> None:
    root, config = folder
    (root / "masks" / "data-3.png").write_bytes(content)
    with pytest.raises(ConfigError, match=rf"mask .*data-3\.png cannot be read: {message}"):
        dataset.read(config)


def test_a_mask_that_could_not_be_read_is_tried_again(
    folder: tuple[Path, Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(data: bytes) -> np.ndarray:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(maskcheck, "numbers", refuse)
        with pytest.raises(ConfigError, match="cannot be read"):
            dataset.read(folder[1])
    assert sum(map(len, parts(folder[1]))) == 30


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (WHOLE[:-30], "cannot be read: it is damaged"),
        (png(np.zeros((SIZE, SIZE - 1))), f"has {SIZE - 1} by {SIZE} pixels"),
        (png(np.full((SIZE, SIZE), 7)), "holds the number 7, which is no class"),
    ],
    ids=["cut", "size", "number"],
)
def test_a_few_bad_masks_may_be_left_out_with_their_images(
    content: bytes, message: str, folder: tuple[Path, Config], capsys: pytest.CaptureFixture[str]
) -> None:
    root, config = folder
    make_images(root, 100)
    config = with_data(with_classes(config, MEANING.names), on_bad_file="skip")
    (root / "masks" / "data-3.png").write_bytes(content)
    for _ in range(2):  # the second time from memory
        kept = [Path(file).stem for part in parts(config) for file in part]
        assert sorted(kept) == sorted(f"data-{number}" for number in range(100) if number != 3)
        assert "1 of 100 images cannot be used and are left out" in capsys.readouterr().out
    (row,) = remembered(root).with_name("left-out.tsv").read_text().splitlines()
    assert row.startswith(f"{root / 'images' / 'data-3.png'}\tthe mask ")
    assert f"data-3.png {message}" in row
    (root / "images" / "data-4.png").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"2 of 100 images cannot be used, and more than 1%"):
        dataset.read(config)


def test_numbers_are_those_of_the_file_and_one_is_ignored(folder: tuple[Path, Config]) -> None:
    root, config = folder
    mask = Image.fromarray(np.full((SIZE, SIZE), 3, "uint8"), "P")
    mask.putpalette([0, 0, 0] * 3 + [250, 10, 10])  # the colour that people see does not count
    mask.save(root / "masks" / "data-3.png")
    with pytest.raises(ConfigError, match=r"0, 1, 3 beside 255.* 3 is in .*data-3.* outputs"):
        dataset.read(config)
    assert dataset.read(with_classes(config, tuple("abcd"))).meaning.names == tuple("abcd")
    task = config.task.model_copy(update={"ignore": 3})
    assert dataset.read(config.model_copy(update={"task": task})).meaning.names == ("0", "1")
    task = config.task.model_copy(update={"ignore": 1})
    with pytest.raises(ConfigError, match=r"ignore = 1 .* is the number of the class b"):
        dataset.read(with_classes(config, tuple("abcd")).model_copy(update={"task": task}))


def test_a_mask_fits_the_image_as_people_see_it(folder: tuple[Path, Config]) -> None:
    root, config = folder
    lying = Image.Exif()
    lying[0x0112] = 6
    Image.new("RGB", (24, SIZE)).save(root / "images" / "data-3.jpg", exif=lying)
    (root / "images" / "data-3.png").unlink()
    Image.new("L", (SIZE, 24)).save(root / "masks" / "data-3.png")
    assert sum(map(len, parts(config))) == 30
    Image.new("L", (24, SIZE)).save(root / "masks" / "data-3.png")
    with pytest.raises(ConfigError, match=rf"its image .* has {SIZE} by 24"):
        dataset.read(config)


def parts(config: Config) -> tuple[tuple[str, ...], ...]:
    splits = dataset.read(config)
    return splits.train.files, splits.validation.files, splits.test.files


def with_data(config: Config, **changes: object) -> Config:
    return config.model_copy(update={"data": config.data.model_copy(update=changes)})


def with_classes(config: Config, names: tuple[str, ...]) -> Config:
    return config.model_copy(update={"head": config.head.model_copy(update={"classes": names})})
