"""From what the source finds to the three splits: nothing unusable, and no image in two of them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.made import MEANING
from PIL import Image

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import load
from {{ cookiecutter.package }}.data.check import FOLDER, Look
from {{ cookiecutter.package }}.examples import SPLITS, Item, Splits
from {{ cookiecutter.package }}.hooks import Kit

COUNT = 40


@pytest.fixture
def items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """Images in the working folder; a target is the number in its label, whatever the task."""
    monkeypatch.chdir(tmp_path)
    found = [Item(f"{number}.png", (str(number),)) for number in range(COUNT)]
    for number, item in enumerate(found):
        Image.new("RGB", (8, 6), (number, 0, 0)).save(item.file)
    monkeypatch.setattr(load.source, "find", lambda config: (("label",), found))
    monkeypatch.setattr(load.targets, "encode", encode)
    monkeypatch.setattr(load.targets, "learn", lambda names, targets: MEANING)
    monkeypatch.setattr(load.targets, "faults", no_faults, raising=False)
    monkeypatch.setattr(load, "kits", tuple)
    return found


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    return columns, np.array([int(item.label[0]) for item in items])


def no_faults(items: Sequence[Item], *_: object) -> list[str]:
    return [""] * len(items)


def splits_of(config: Config, **settings: object) -> Splits:
    data = config.data.model_copy(update={"validation": 0.3, "test": 0.2, **settings})
    return load.load(config.model_copy(update={"data": data}))


def membership(splits: Splits) -> dict[str, str]:
    return {file: name for name in SPLITS for file in getattr(splits, name).files}


def test_every_image_is_in_one_split_beside_its_own_target(
    items: list[Item], config: Config
) -> None:
    splits = splits_of(config)
    parts = [getattr(splits, name) for name in SPLITS]
    assert all(len(part) for part in parts)
    assert sorted(file for part in parts for file in part.files) == sorted(i.file for i in items)
    for part in parts:
        assert [items[target].file for target in part.targets] == list(part.files)
        assert len(set(part.digests)) == len(part.turns) == len(part)
        assert set(part.turns) == {1}
    assert splits.meaning == MEANING


def test_copies_of_an_image_stay_together_and_a_name_does_not_count(
    items: list[Item], config: Config
) -> None:
    before = membership(splits_of(config))
    for item in items[:COUNT]:
        shutil.copy(item.file, f"copy-of-{item.file}")
        items.append(Item(f"copy-of-{item.file}", item.label))
    after = membership(splits_of(config))
    assert {file: after[file] for file in before} == before
    assert all(after[f"copy-of-{file}"] == split for file, split in before.items())


def test_splits_of_the_source_are_kept(items: list[Item], config: Config) -> None:
    items[:] = [Item(x.file, x.label, SPLITS[n % 3]) for n, x in enumerate(items)]
    assert membership(splits_of(config)) == {item.file: item.split for item in items}


def test_an_odd_image_is_read_from_its_copy_and_keeps_its_name(
    items: list[Item], config: Config
) -> None:
    Image.new("RGBA", (8, 6), (200, 0, 0, 90)).save("3.png")
    parts = [getattr(splits_of(config), name) for name in SPLITS]
    read = {name: file for x in parts for name, file in zip(x.origins, x.files, strict=True)}
    assert read.keys() == {item.file for item in items}
    assert [name for name, file in read.items() if name != file] == ["3.png"]
    assert Path(read["3.png"]).parent == FOLDER


def test_an_image_that_cannot_be_used_stops_and_is_named_with_its_place(
    items: list[Item], config: Config
) -> None:
    Path("3.png").write_bytes(b"")
    Path("7.png").write_bytes(b"no image")
    items[3] = Item("3.png", ("3",), place="labels.csv, line 5")
    words = r"labels\.csv, line 5: 3\.png cannot be read: it is empty.* first of 2 of 40 images"
    with pytest.raises(ConfigError, match=words):
        splits_of(config)


def test_there_must_be_images_to_train_and_to_validate_on(
    items: list[Item], config: Config
) -> None:
    with pytest.raises(ConfigError, match="no images to use for validation"):
        splits_of(config, validation=0.0)
    assert len(splits_of(config, test=0.0).test) == 0


def test_a_kit_may_give_other_examples_before_bad_ones_are_refused(
    items: list[Item], config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The split goes by the digest of the image, wherever its pixels are read from."""
    before = splits_of(config)
    Path("3.png").write_bytes(b"")

    def images(
        columns: tuple[str, ...], items: list[Item], looks: list[Look], settings: Config
    ) -> tuple[list[Item], list[Look]]:
        assert columns == ("label",)
        assert [bool(look.problem) for look in looks] == [item.file == "3.png" for item in items]
        pairs = [(x, look) for x, look in zip(items, looks, strict=True) if not look.problem]
        return [x for x, _ in pairs], [look._replace(file=f"kept/{x.file}") for x, look in pairs]

    monkeypatch.setattr(load, "kits", lambda: (Kit(images=images), Kit()))
    after = membership(splits_of(config))
    expected = {f"kept/{file}": name for file, name in membership(before).items()}
    expected.pop("kept/3.png")
    assert after == expected


def test_one_image_is_not_two_things(items: list[Item], config: Config) -> None:
    shutil.copy("3.png", "7.png")
    with pytest.raises(ConfigError, match=r"3\.png \(3\) and 7\.png \(7\) are the same image"):
        splits_of(config)
    items[7] = replace(items[7], label=items[3].label)
    splits_of(config)
