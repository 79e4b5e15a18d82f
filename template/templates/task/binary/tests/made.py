"""Made examples for the task: images that are brighter on the left or on the right."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from {{ cookiecutter.package }}.examples import Examples, Meaning

SIZE = 16
MEANING = Meaning(("left", "right"), shares=(0.5, 0.5), thresholds=(0.5,))


def make_images(folder: Path, count: int) -> Examples:
    """Write images as class folders."""
    random = np.random.default_rng(list(folder.name.encode()))
    files, targets = [], []
    for number in range(count):
        target = number % 2
        pixels = random.integers(0, 120, (SIZE, SIZE, 3))
        half = slice(SIZE // 2, None) if target else slice(None, SIZE // 2)
        pixels[:, half] += 100
        file = folder / MEANING.names[target] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        keras.utils.save_img(file, pixels, scale=False)
        files.append(str(file))
        targets.append([target])
    return Examples(tuple(files), np.array(targets, dtype="float32"), np.ones(count, "uint8"))
