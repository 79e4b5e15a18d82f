"""A class for each pixel: the masks are the targets, and their pixels are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.made import MEANING, SIZE, make_images
from PIL import Image

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data import targets
from {{ cookiecutter.package }}.examples import Item


def test_each_item_has_its_mask(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = make_images(tmp_path, 3)
    pairs = zip(examples.files, examples.targets, strict=True)
    items = [Item(file, (str(mask),)) for file, mask in pairs]
    names, masks = targets.encode(items, ("mask",), config)
    assert names == MEANING.names
    assert masks.tolist() == examples.targets.tolist()


def test_the_classes_are_as_common_as_their_pixels(tmp_path: Path) -> None:
    masks = make_images(tmp_path, 3).targets
    Image.new("L", (SIZE, SIZE)).save(masks[1])
    shares = targets.learn(MEANING.names, masks).shares
    assert shares == pytest.approx((1 - 24 / 256, 24 / 256))
