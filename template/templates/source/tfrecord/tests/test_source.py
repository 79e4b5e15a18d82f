"""TFRecord files: which of a folder are meant, their splits, and the columns of their labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.records import picture, shard

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import source
from {{ cookiecutter.package }}.data.files import load_bytes
from {{ cookiecutter.package }}.examples import Item

KEYS = {"image": "image", "label": "label", "mask": "mask", "split": "split", "group": "group"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered goes to the folder where one is."""
    monkeypatch.chdir(tmp_path)


def find(path: Path, config: Config, **settings: str) -> tuple[tuple[str, ...], list[Item]]:
    data = config.data.model_copy(update={"path": path, **KEYS, **settings})
    head = config.head.model_copy(update={"classes": ()})
    return source.find(config.model_copy(update={"data": data, "head": head}))


def test_the_name_of_a_shard_may_say_its_split(tmp_path: Path, config: Config) -> None:
    for split, begin in (("train", 0), ("val", 10)):
        records = [{"image": picture(n), "label": f"ü{n}"} for n in range(begin, begin + 5)]
        shard(tmp_path / f"{split}-00000-of-00001.tfrecord", *records)
    for _ in range(2):  # the second time from memory
        columns, items = find(tmp_path, config)
        assert columns == ("label",)
        assert [item.split for item in items] == ["train"] * 5 + ["validation"] * 5
        assert [item.label for item in items[3:6]] == [("ü3",), ("ü4",), ("ü10",)]
        assert load_bytes(items[7].file) == picture(12)
    file = tmp_path / "train-00000-of-00001.tfrecord"
    assert len(find(file, config)[1]) == 5


def test_each_part_of_a_label_is_a_column(tmp_path: Path, config: Config) -> None:
    shard(
        tmp_path / "a.tfrecord",
        {"photo": picture(1), "label": [1.5, 2.0], "wer": "p1", "split": "test"},
        {"photo": picture(2), "label": [3, 4], "wer": 7, "split": ""},
    )
    columns, items = find(tmp_path, config, image="photo", group="wer")
    assert columns == ("label_1", "label_2")
    assert [(item.split, item.group) for item in items] == [("test", "p1"), ("", "7")]
    shard(tmp_path / "a.tfrecord", {"image": picture(3), "mask": picture(4)})
    columns, (item,) = find(tmp_path, config)
    assert columns == ("mask",)
    assert load_bytes(item.label[0]) == picture(4)


def test_every_record_has_as_many_labels(tmp_path: Path, config: Config) -> None:
    one, two = ({"image": picture(0), "label": label} for label in ("a", ["a", "b"]))
    shard(tmp_path / "a.tfrecord", one, two)
    with pytest.raises(ConfigError, match="record 2: there are 2 labels, but 1"):
        find(tmp_path, config)


def test_a_shard_or_a_group_that_is_missing_is_named(tmp_path: Path, config: Config) -> None:
    file = tmp_path / "train-00000-of-00002.tfrecord"
    shard(file, {"image": picture(0), "label": "a"})
    with pytest.raises(ConfigError, match="1 of the 2 shards of train"):
        find(tmp_path, config)
    file.rename(tmp_path / "train.tfrecord")
    with pytest.raises(ConfigError, match="has the feature 'patient' for its group"):
        find(tmp_path, config, group="patient")


def test_a_folder_without_shards_or_records(tmp_path: Path, config: Config) -> None:
    with pytest.raises(ConfigError, match="nowhere holds no TFRecord files"):
        find(tmp_path / "nowhere", config)
    shard(tmp_path / "a.tfrecord")
    with pytest.raises(ConfigError, match="are empty"):
        find(tmp_path, config)


def test_a_folder_of_shards_may_be_a_split(tmp_path: Path, config: Config) -> None:
    for number, folder in enumerate(("Train", "val/more", "testing", "other", "@eaDir")):
        (tmp_path / folder).mkdir(parents=True)
        name = "a" if number else "valid-a"  # a name says more than a folder
        record = {"image": picture(number), "label": str(number)}
        shard(tmp_path / folder / f"{name}.tfrecord", record)
    _, items = find(tmp_path, config)
    expected = {"0": "validation", "1": "validation", "2": "test", "3": ""}
    assert {item.label[0]: item.split for item in items} == expected
