"""Made examples for the task: images with a bright column, at a place that is to be told."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from {{ cookiecutter.package }}.examples import Examples, Meaning

SIZE = 16
MEANING = Meaning(("place", "rest"), offset=(8.0, -8.0), scale=(4.0, 2.0))


def make_images(folder: Path, count: int) -> Examples:
    """Write images."""
    random = np.random.default_rng(list(folder.name.encode()))
    folder.mkdir(parents=True, exist_ok=True)
    files, targets = [], []
    for number in range(count):
        place = int(random.integers(0, SIZE))
        pixels = random.integers(0, 120, (SIZE, SIZE, 3))
        pixels[:, place] += 100
        file = folder / f"{number}.png"
        keras.utils.save_img(file, pixels, scale=False)
        files.append(str(file))
        targets.append([place, (place - SIZE) / 2])
    return Examples(tuple(files), np.array(targets, dtype="float32"), np.ones(count, "uint8"))
