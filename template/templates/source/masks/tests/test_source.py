"""Images and masks: what belongs together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.made import make_images

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import source
from {{ cookiecutter.package }}.examples import SPLITS, Item


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Thirty images with masks."""
    make_images(tmp_path / "data", 30)
    return tmp_path / "data"


def find(config: Config, root: Path, **settings: object) -> list[Item]:
    data = config.data.model_copy(update={"path": root, **settings})
    columns, items = source.find(config.model_copy(update={"data": data}))
    assert columns == ("mask",)
    return items


def test_each_image_comes_with_its_own_mask(root: Path, config: Config) -> None:
    items = find(config, root)
    assert len(items) == 30
    for item in items:
        file, mask = Path(item.file), Path(*item.label)
        assert (file.parent.name, mask.parent.name) == ("images", "masks")
        assert file.name == mask.name
    assert {(item.split, item.group) for item in items} == {("", "")}


def test_given_splits_are_kept(tmp_path: Path, config: Config) -> None:
    for split, count in (("train", 6), ("validation", 3), ("test", 2)):
        make_images(tmp_path / "given" / split, count)
    splits = [item.split for item in find(config, tmp_path / "given")]
    assert [splits.count(name) for name in SPLITS] == [6, 3, 2]


def test_a_group_is_a_part_of_the_path(root: Path, config: Config) -> None:
    groups = {Path(x.file).stem: x.group for x in find(config, root, group=r"data-\d")}
    assert groups["data-3"] == "data-3"
    assert groups["data-12"] == "data-1"


def test_folders_within_are_paired_as_well(root: Path, config: Config) -> None:
    for kind in ("images", "masks"):
        (root / kind / "more").mkdir()
        shutil.copy(root / kind / "data-3.png", root / kind / "more")
    assert len(find(config, root)) == 31


def test_nothing_is_left_over_on_either_side(root: Path, config: Config) -> None:
    (root / "masks" / "data-3.png").rename(root / "masks" / "other.png")
    with pytest.raises(ConfigError, match=r"data-3\.png has no mask.* first of 1 such"):
        find(config, root)
    (root / "images" / "data-3.png").unlink()
    with pytest.raises(ConfigError, match=r"other\.png is a mask without its image"):
        find(config, root)
    (root / "masks" / "other.png").rename(root / "masks" / "data-4.jpg")
    with pytest.raises(ConfigError, match="differ only in their suffix"):
        find(config, root)
    (root / "masks" / "data-4.png").unlink()
    with pytest.raises(ConfigError, match="JPEG changes the numbers"):
        find(config, root)
    with pytest.raises(ConfigError, match=r"no folder .*nowhere. See \[data\]"):
        find(config, root / "nowhere")
    (root / "none").mkdir()
    with pytest.raises(ConfigError, match="must hold the folders images and masks"):
        find(config, root / "none")
