"""Batches are a function of the seed and the epoch; splits are a function of the images."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import CLASSES, SIZE, make_images

from {{ cookiecutter.package }} import data, source
from {{ cookiecutter.package }}.config import Config, ConfigError


@pytest.fixture
def folder(tmp_path: Path, config: Config) -> tuple[Path, Config]:
    """Sixty images in class folders, and settings that point to them."""
    root = tmp_path / "images"
    make_images(root, 60)
    settings = config.data.model_copy(update={"path": root, "validation": 0.2, "test": 0.2})
    head = config.head.model_copy(update={"classes": (), "outputs": 0})
    return root, config.model_copy(update={"data": settings, "head": head})


def epoch(splits: data.Splits, config: Config, first: int, last: int) -> list[np.ndarray]:
    stream = data.shuffled(splits.train, config.data, "light", 7, first, last)
    return [images.numpy() for images, _ in stream]


def test_an_epoch_is_the_same_whenever_it_is_reached(splits: data.Splits, config: Config) -> None:
    both = epoch(splits, config, 0, 2)
    again = epoch(splits, config, 1, 2)
    assert len(both) == 2 * data.steps(splits.train, config.data)
    assert all(np.array_equal(a, b) for a, b in zip(both[2:], again, strict=True))
    assert not np.array_equal(both[0], both[2])


def test_epochs_differ_in_their_order_and_seeds_too() -> None:
    orders = [tuple(data.order(50, *start).numpy()) for start in ((7, 0), (7, 1), (8, 0))]
    assert len(set(orders)) == 3
    assert all(sorted(order) == list(range(50)) for order in orders)


def test_every_image_comes_once_an_epoch(splits: data.Splits, config: Config) -> None:
    stream = data.shuffled(splits.train, config.data, "none", 7, 0, 1)
    seen = np.concatenate([images.numpy() for images, _ in stream])
    stored = np.concatenate([x.numpy() for x, _ in data.in_order(splits.train, config.data)])
    assert sorted(seen.sum(axis=(1, 2, 3))) == sorted(stored.sum(axis=(1, 2, 3)))


def test_images_are_read_as_they_are(splits: data.Splits, config: Config) -> None:
    images, _ = next(iter(data.in_order(splits.train, config.data)))
    assert images.shape[1:] == (SIZE, SIZE, 3)
    assert images.numpy().max() > 100  # RGB from 0 to 255, not scaled


def test_new_files_never_move_an_old_one(folder: tuple[Path, Config], tmp_path: Path) -> None:
    root, config = folder
    before = membership(source.read(config))
    assert set(before.values()) == {"train", "validation", "test"}
    make_images(tmp_path / "more", 30)
    for name in CLASSES:
        for file in (tmp_path / "more" / name).iterdir():
            shutil.copy(file, root / name / f"new-{file.name}")
    after = membership(source.read(config))
    assert len(after) == 90
    assert {file: after[file] for file in before} == before


def test_copies_of_an_image_stay_together(folder: tuple[Path, Config]) -> None:
    root, config = folder
    for file in list((root / "left").iterdir()):
        shutil.copy(file, root / "left" / f"copy-of-{file.name}")
    member = membership(source.read(config))
    for file in (root / "left").glob("copy-of-*"):
        assert member[str(file)] == member[str(file).replace("copy-of-", "")]


def test_given_splits_are_kept(tmp_path: Path, config: Config) -> None:
    for split, count in (("train", 20), ("validation", 6), ("test", 4)):
        make_images(tmp_path / split, count)
    found = read(tmp_path, config)
    assert [len(x) for x in (found.train, found.validation, found.test)] == [20, 6, 4]


def test_an_archive_is_unpacked_once(tmp_path: Path, config: Config) -> None:
    make_images(tmp_path / "photos", 30)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for file in (tmp_path / "photos").rglob("*.png"):
            archive.write(file, file.relative_to(tmp_path))
    shutil.rmtree(tmp_path / "photos")
    assert len(membership(read(tmp_path / "photos", config))) == 30
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "photos.zip"]


def test_missing_folders_and_wrong_classes_are_sentences(
    folder: tuple[Path, Config], tmp_path: Path
) -> None:
    _, config = folder
    with pytest.raises(ConfigError, match="at least two folders"):
        read(tmp_path / "nowhere", config)
    wrong = config.model_copy(
        update={"head": config.head.model_copy(update={"classes": ("left", "up")})}
    )
    with pytest.raises(ConfigError, match=r"only in config\.toml: up; only in the data: right"):
        source.read(wrong)


def read(root: Path, config: Config) -> data.Splits:
    located = config.data.model_copy(update={"path": root})
    head = config.head.model_copy(update={"classes": ()})
    return source.read(config.model_copy(update={"data": located, "head": head}))


def membership(splits: data.Splits) -> dict[str, str]:
    return {
        file: name
        for name in ("train", "validation", "test")
        for file in getattr(splits, name).files
    }
