"""Class folders: what is found there, and which split it goes to."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from made import MEANING, make_images

from {{ cookiecutter.package }} import dataset
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits


@pytest.fixture
def folder(tmp_path: Path, config: Config) -> tuple[Path, Config]:
    """Sixty images in class folders, and settings that point to them."""
    root = tmp_path / "images"
    make_images(root, 60)
    settings = config.data.model_copy(update={"path": root, "validation": 0.2, "test": 0.2})
    head = config.head.model_copy(update={"classes": (), "outputs": 0})
    return root, config.model_copy(update={"data": settings, "head": head})


def test_new_files_never_move_an_old_one(folder: tuple[Path, Config], tmp_path: Path) -> None:
    root, config = folder
    before = membership(dataset.read(config))
    assert set(before.values()) == {"train", "validation", "test"}
    make_images(tmp_path / "more", 30)
    for name in MEANING.names:
        for file in (tmp_path / "more" / name).iterdir():
            shutil.copy(file, root / name / f"new-{file.name}")
    after = membership(dataset.read(config))
    assert len(after) == 90
    assert {file: after[file] for file in before} == before


def test_copies_of_an_image_stay_together(folder: tuple[Path, Config]) -> None:
    root, config = folder
    for file in list((root / "left").iterdir()):
        shutil.copy(file, root / "left" / f"copy-of-{file.name}")
    member = membership(dataset.read(config))
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
        dataset.read(wrong)


def read(root: Path, config: Config) -> Splits:
    located = config.data.model_copy(update={"path": root})
    head = config.head.model_copy(update={"classes": ()})
    return dataset.read(config.model_copy(update={"data": located, "head": head}))


def membership(splits: Splits) -> dict[str, str]:
    return {
        file: name
        for name in ("train", "validation", "test")
        for file in getattr(splits, name).files
    }
