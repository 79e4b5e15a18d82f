"""Made examples for the task: images that are brighter on the left, on the right, or on both."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from {{ cookiecutter.package }}.examples import Examples, Meaning

SIZE = 16
MEANING = Meaning(("left", "right"), shares=(0.5, 0.5), thresholds=(0.5, 0.5))


def make_images(folder: Path, count: int) -> Examples:
    """Write images."""
    random = np.random.default_rng(list(folder.name.encode()))
    folder.mkdir(parents=True, exist_ok=True)
    files, targets = [], []
    for number in range(count):
        left, right = number % 2, number // 2 % 2
        pixels = random.integers(0, 120, (SIZE, SIZE, 3))
        pixels[:, : SIZE // 2] += 100 * left
        pixels[:, SIZE // 2 :] += 100 * right
        file = folder / f"{number}.png"
        keras.utils.save_img(file, pixels, scale=False)
        files.append(str(file))
        targets.append([left, right])
    return Examples(tuple(files), np.array(targets, dtype="float32"), np.ones(count, "uint8"))
