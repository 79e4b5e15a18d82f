"""TensorFlow Datasets: a small data set of one's own stands for those to download."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import source
from {{ cookiecutter.package }}.data.files import load_bytes
from {{ cookiecutter.package }}.examples import Item

Found = tuple[tuple[str, ...], list[Item]]


class MadeShapes(tfds.core.GeneratorBasedBuilder):
    """Grey squares, of which the shade says the class."""

    VERSION = tfds.core.Version("1.0.0")
    pkg_dir_path = Path(__file__).parent
    broken = False

    def _info(self) -> tfds.core.DatasetInfo:
        label = tfds.features.ClassLabel(names=["dark", "light"])
        features = {"image": tfds.features.Image(shape=(None, None, 3)), "label": label}
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))

    def _split_generators(self, manager: tfds.download.DownloadManager) -> dict[str, object]:
        if self.broken:
            raise ConnectionError("the server does not answer")
        return {"train": self._generate_examples(0, 8), "test": self._generate_examples(8, 12)}

    def _generate_examples(self, first: int, last: int) -> Iterator[tuple[int, dict[str, object]]]:
        for number in range(first, last):
            image = np.full((8, 8, 3), 20 * number, "uint8")
            yield number, {"image": image, "label": ["dark", "light"][number % 2]}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered goes to the folder where one is."""
    monkeypatch.chdir(tmp_path)


def find(folder: Path, config: Config, name: str, **keys: str) -> Found:
    data = config.data.model_copy(update={"path": folder, "name": name, **keys})
    return source.find(config.model_copy(update={"data": data}))


def test_a_data_set_is_prepared_once_and_read(tmp_path: Path, config: Config) -> None:
    columns, items = find(tmp_path / "kept", config, "made_shapes")
    assert columns == ("label",)
    assert [item.split for item in items] == ["train"] * 8 + ["test"] * 4
    for item in items:
        with Image.open(io.BytesIO(load_bytes(item.file))) as image:
            shade = image.getpixel((0, 0))[0]
        assert item.label == (["dark", "light"][shade // 20 % 2],)
    assert find(tmp_path / "kept", config, "made_shapes")[1] == items


def test_mistakes_are_sentences(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="does not know 'mnits'"):
        find(tmp_path, config, "mnits")
    with pytest.raises(ConfigError, match="has no feature 'picture'; it has image, label"):
        find(tmp_path, config, "made_shapes", image="picture")
    monkeypatch.setattr(MadeShapes, "broken", True)
    with pytest.raises(ConfigError, match=r"could not be prepared in .*does not answer"):
        find(tmp_path / "other", config, "made_shapes")
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ConfigError, match="pip install tensorflow-datasets"):
        find(tmp_path, config, "made_shapes")
