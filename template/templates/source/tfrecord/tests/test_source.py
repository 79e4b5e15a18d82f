"""TFRecord files: what is read from them, and what is refused with its shard and record."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from {{ cookiecutter.package }} import source, storage
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item

KEYS = {"image": "image", "label": "label", "mask": "mask", "split": "split", "group": "group"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered goes to the folder where one is."""
    monkeypatch.chdir(tmp_path)


def picture(number: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (number, 0, 0)).save(file, "PNG")
    return file.getvalue()


def shard(file: Path, *records: dict[str, Any]) -> Path:
    """Write records; a text or bytes, a number, or a list of these stands for a feature."""
    with tf.io.TFRecordWriter(str(file)) as writer:
        for record in records:
            features = {name: _feature(value) for name, value in record.items()}
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())
    return file


def _feature(value: Any) -> tf.train.Feature:
    values = value if isinstance(value, list) else [value]
    if isinstance(values[0], int):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    if isinstance(values[0], float):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))
    texts = [text.encode() if isinstance(text, str) else text for text in values]
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=texts))


def find(path: Path, config: Config, **settings: str) -> tuple[tuple[str, ...], list[Item]]:
    data = config.data.model_copy(update={"path": path, **KEYS, **settings})
    head = config.head.model_copy(update={"classes": ()})
    return source.find(config.model_copy(update={"data": data, "head": head}))


def test_images_are_read_where_they_lie(tmp_path: Path, config: Config) -> None:
    for split, begin in (("train", 0), ("val", 10)):
        records = [{"image": picture(n), "label": f"ü{n}"} for n in range(begin, begin + 5)]
        shard(tmp_path / f"{split}-00000-of-00001.tfrecord", *records)
    for _ in range(2):  # the second time from memory
        columns, items = find(tmp_path, config)
        assert columns == ("label",)
        assert [item.split for item in items] == ["train"] * 5 + ["validation"] * 5
        assert [item.label for item in items[3:6]] == [("ü3",), ("ü4",), ("ü10",)]
        assert storage.load(items[7].file) == picture(12)
        assert storage.read_bytes(tf.constant(items[7].file)).numpy() == picture(12)
    files = tf.data.Dataset.from_tensor_slices([item.file for item in items[::-1]])
    images = [tf.io.decode_png(x).numpy() for x in files.map(storage.read_bytes)]
    assert [int(image[0, 0, 0]) for image in images] == [14, 13, 12, 11, 10, 4, 3, 2, 1, 0]


def test_files_are_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "a@b+1 ü.png"
    file.write_bytes(picture(1))
    assert storage.load(str(file)) == picture(1)
    assert storage.read_bytes(tf.constant(str(file))).numpy() == picture(1)


def test_numbers_masks_and_what_stands_beside(tmp_path: Path, config: Config) -> None:
    shard(
        tmp_path / "a.tfrecord",
        {"photo": picture(1), "label": [1.5, 2.0], "wer": "p1", "split": "test"},
        {"photo": picture(2), "label": [3, 4], "wer": 7, "split": ""},
    )
    columns, items = find(tmp_path, config, image="photo", group="wer")
    assert columns == ("label_1", "label_2")
    assert [item.label for item in items] == [("1.5", "2.0"), ("3", "4")]
    assert [(item.split, item.group) for item in items] == [("test", "p1"), ("", "7")]
    shard(tmp_path / "a.tfrecord", {"image": picture(3), "mask": picture(4)})
    columns, (item,) = find(tmp_path, config)
    assert columns == ("mask",)
    assert storage.load(item.label[0]) == picture(4)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"images": picture(1), "label": "a"}, "record 2: there is no feature 'image'; did you"),
        ({"image": picture(1), "labels": "a"}, "record 2: there is no feature 'label'; did you"),
        ({"image": 5, "label": "a"}, "record 2: the feature 'image' is not the bytes of one"),
        ({"image": [picture(1)] * 2, "label": "a"}, "record 2: the feature 'image' is not"),
        ({"image": picture(1), "label": b"\xff"}, "record 2: a text in it is not UTF-8"),
        ({"image": picture(1), "label": ["a", "b"]}, "record 2: there are 2 labels, but 1"),
        ({"image": picture(1), "label": "a", "split": "x"}, "record 2: the split 'x' is none"),
    ],
)
def test_mistakes_are_sentences(
    tmp_path: Path, config: Config, record: dict[str, Any], words: str
) -> None:
    shard(tmp_path / "a.tfrecord", {"image": picture(0), "label": "a"}, record)
    with pytest.raises(ConfigError, match=words):
        find(tmp_path, config)


def test_damaged_and_missing_shards_are_named(tmp_path: Path, config: Config) -> None:
    records = [{"image": picture(number), "label": "a"} for number in range(3)]
    file = shard(tmp_path / "train-00000-of-00002.tfrecord", *records)
    with pytest.raises(ConfigError, match="1 of the 2 shards of train"):
        find(tmp_path, config)
    file = file.rename(tmp_path / "train.tfrecord")
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    with pytest.raises(ConfigError, match=r"train\.tfrecord, record 2 cannot be read: .*damaged"):
        find(tmp_path, config)
    file.write_bytes(whole[: len(whole) // 4])
    with pytest.raises(ConfigError, match="record 1 cannot be read"):
        find(tmp_path, config)
    with tf.io.TFRecordWriter(str(file), "GZIP") as writer:
        writer.write(np.zeros(9).tobytes())
    with pytest.raises(ConfigError, match="it is compressed"):
        find(tmp_path, config)
    with tf.io.TFRecordWriter(str(file)) as writer:
        writer.write(b"\xff" * 9)
    with pytest.raises(ConfigError, match=r"record 1: this is no tf\.train\.Example"):
        find(tmp_path, config)


def test_a_folder_without_shards(tmp_path: Path, config: Config) -> None:
    with pytest.raises(ConfigError, match="nowhere holds no TFRecord files"):
        find(tmp_path / "nowhere", config)
