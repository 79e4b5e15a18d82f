"""Class folders: what is found there, its class, its split and its group."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from helpers.made import MEANING, make_images

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import source
from {{ cookiecutter.package }}.data.load import load
from {{ cookiecutter.package }}.examples import SPLITS, Item


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Sixty images in class folders."""
    make_images(tmp_path / "images", 60)
    return tmp_path / "images"


def located(config: Config, root: Path, **settings: object) -> Config:
    """Settings that point to a folder, and name no classes."""
    data = config.data.model_copy(update={"path": root, **settings})
    head = config.head.model_copy(update={"classes": (), "outputs": 0})
    return config.model_copy(update={"data": data, "head": head})


def find(config: Config, root: Path, **settings: object) -> list[Item]:
    columns, items = source.find(located(config, root, **settings))
    assert columns == ("class",)
    return items


def test_the_folder_is_the_class(root: Path, config: Config) -> None:
    items = find(config, root)
    assert len(items) == 60
    assert {item.label for item in items} == {(name,) for name in MEANING.names}
    assert all(Path(item.file).parent.name == item.label[0] for item in items)
    assert {(item.split, item.group) for item in items} == {("", "")}


def test_new_files_move_no_old_one(
    root: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = located(config, root, validation=0.2, test=0.2)
    before = load(here)
    make_images(tmp_path / "more", 30)
    for name in MEANING.names:
        for file in (tmp_path / "more" / name).iterdir():
            shutil.copy(file, root / name / f"new-{file.name}")
    after = load(here)
    for name in SPLITS:
        assert set(getattr(before, name).files) <= set(getattr(after, name).files)
        assert len(getattr(after, name)) > len(getattr(before, name)) > 0


def test_given_splits_are_kept(tmp_path: Path, config: Config) -> None:
    for split, count in (("train", 20), ("validation", 6), ("test", 4)):
        make_images(tmp_path / split, count)
    splits = [item.split for item in find(config, tmp_path)]
    assert [splits.count(name) for name in SPLITS] == [20, 6, 4]
    (tmp_path / "validation").rename(tmp_path / "VAL")
    shutil.rmtree(tmp_path / "test")
    assert {item.split for item in find(config, tmp_path)} == {"train", "validation"}


def test_only_the_archive_may_be_there(root: Path, config: Config, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for file in root.rglob("*.png"):
            archive.write(file, Path("photos", file.relative_to(root)))
    assert len(find(config, tmp_path / "photos")) == 60


def test_a_missing_folder_is_a_sentence(config: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no folder .*nowhere. See \[data\]"):
        find(config, tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="at least two folders"):
        find(config, tmp_path)


def test_hidden_files_and_empty_folders(root: Path, config: Config) -> None:
    for name in (".thumbs/1.png", "__MACOSX/2.png", "left/._3.png", "left/.cache/4.png"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"no image")
    (root / "left" / "deep.png").mkdir()
    shutil.copy(root / "left" / "0.png", root / "left" / "deep.png" / "5.PNG")
    assert len(find(config, root)) == 61
    (root / "up").mkdir()
    with pytest.raises(ConfigError, match=r"the class folder .*up has no images"):
        find(config, root)


def test_a_group_is_a_part_of_the_path_and_stays_together(
    root: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in list(root.glob("*/*.png")):
        file.rename(file.with_name(f"p{int(file.stem) // 3}-{file.name}"))
    groups = {item.file: item.group for item in find(config, root, group=r"p\d+")}
    assert all(Path(file).name.startswith(f"{group}-") for file, group in groups.items())
    splits = load(located(config, root, group=r"p\d+", validation=0.2, test=0.2))
    members = [{groups[file] for file in getattr(splits, name).files} for name in SPLITS]
    assert all(members)
    assert sum(map(len, members)) == len(set(groups.values())) == 20
