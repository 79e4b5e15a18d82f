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


@pytest.fixture(autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered goes to the folder where one is."""
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))


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


def test_hidden_files_and_empty_folders(folder: tuple[Path, Config]) -> None:
    root, config = folder
    for name in (".thumbs/1.png", "__MACOSX/2.png", "left/._3.png", "left/.cache/4.png"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"no image")
    (root / "left" / "deep.png").mkdir()
    shutil.copy(root / "left" / "0.png", root / "left" / "deep.png" / "5.PNG")
    assert len(membership(dataset.read(config))) == 61
    (root / "up").mkdir()
    with pytest.raises(ConfigError, match=r"the class folder .*up holds no images"):
        dataset.read(config)


def test_a_group_stays_together(folder: tuple[Path, Config]) -> None:
    root, config = folder
    for file in list(root.glob("*/*.png")):
        file.rename(file.with_name(f"p{int(file.stem) // 3}-{file.name}"))
    data = config.data.model_copy(update={"group": r"p\d+"})
    member = membership(dataset.read(config.model_copy(update={"data": data})))
    assert len(set(member.values())) == 3
    for patient in range(20):
        assert len({member[str(file)] for file in root.glob(f"*/p{patient}-*")}) == 1


def test_copies_that_the_data_put_in_two_splits_are_told(
    tmp_path: Path, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    for split, count in (("train", 20), ("validation", 6), ("test", 4)):
        make_images(tmp_path / split, count)
    shutil.copy(tmp_path / "train" / "left" / "0.png", tmp_path / "test" / "left" / "copy.png")
    read(tmp_path, config)
    assert "1 images are in more than one split" in capsys.readouterr().out


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
