"""Made examples for the task: a bright square on a dark ground, and a mask of it."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from {{ cookiecutter.package }}.examples import Examples, Meaning

SIZE = 16
MEANING = Meaning(("ground", "square"), shares=(0.86, 0.14))


def make_images(folder: Path, count: int) -> Examples:
    """Write images and masks, in a folder each."""
    random = np.random.default_rng(list(folder.name.encode()))
    files, targets = [], []
    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        pixels = random.integers(0, 120, (SIZE, SIZE, 3))
        mask = np.zeros((SIZE, SIZE, 1))
        top, left = random.integers(0, SIZE - 6, 2)
        mask[top : top + 6, left : left + 6] = 1
        files.append(str(folder / "images" / f"{folder.name}-{number}.png"))
        targets.append(str(folder / "masks" / f"{folder.name}-{number}.png"))
        keras.utils.save_img(files[-1], pixels + 100 * mask, scale=False)
        keras.utils.save_img(targets[-1], mask, scale=False)
    return Examples(tuple(files), np.array(targets), np.ones(count, "uint8"))
