"""Generates the photos that the input pipeline is measured on, the same on every machine."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jpg"))


ORIENTATION = 0x0112  # the EXIF tag
TURNS = (6, 8, 3)  # of a phone that is held upright, either way, and upside down


def make_images(folder: Path, count: int, height: int, width: int, turned: bool = False) -> None:
    """Photo-like JPEGs in two classes, generated on all cores; the number seeds the photo."""
    for label in ("even", "odd"):
        (folder / label).mkdir(parents=True, exist_ok=True)
    # Spawned, since a fork of a process in which TensorFlow runs can deadlock.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        sides = repeat(folder), repeat(height), repeat(width), repeat(turned)
        for _ in pool.map(make_image, range(count), *sides, chunksize=4):
            pass


def make_image(number: int, folder: Path, height: int, width: int, turned: bool) -> None:
    """Smooth shapes, hard edges and a little noise; every second pair turned by EXIF if wanted."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(number)
    picture = np.full((height, width, 3), 120, "float32")
    for cells, strength in ((4, 60), (12, 30), (40, 12)):
        coarse = random.normal(0, strength, (cells, cells, 3)).astype("float32")
        for channel in range(3):
            soft = Image.fromarray(coarse[..., channel]).resize((width, height), Image.BICUBIC)
            picture[..., channel] += np.asarray(soft)
    for _ in range(6):
        top, left = random.integers(0, height // 2), random.integers(0, width // 2)
        part = picture[top : top + height // 3, left : left + width // 3]
        part += random.normal(0, 25, 3).astype("float32")
    picture += 5 * random.standard_normal((height, width, 1), "float32")
    file = folder / ("odd" if number % 2 else "even") / f"{number}.jpg"
    exif = Image.Exif()
    if turned and number % 4 >= 2:
        exif[ORIENTATION] = TURNS[number // 4 % len(TURNS)]
    Image.fromarray(np.clip(picture, 0, 255).astype("uint8")).save(file, quality=90, exif=exif)
