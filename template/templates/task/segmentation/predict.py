"""What a finished run's model says about any images: rows of CSV or JSON, and masks as PNG."""

import csv
import glob
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from ..config import Config, ConfigError, Data
from ..data.check import Look, looks_of
from ..data.files import images_in
from ..data.image import read_image
from ..data.palette import palette
from ..examples import Meaning
from ..training.run import Run
from . import scores
from .evaluate import as_trained, load_model

{% include "task/_shared/rows.py" %}


def predict(
    run: Run, config: Config, files: list[str], folder: Path | None = None
) -> Iterator[Row]:
    """A row for each file, in their order; where one cannot be read, the row says why."""
    model, meaning = load_model(run)
    settings = as_trained(config, run).data
    blank = dict.fromkeys([*described(np.zeros((1, 1)), meaning), "mask"], "")
    taken: set[str] = set()
    for start in range(0, len(files), AT_ONCE):
        looks = [look for _, look in looks_of(files[start : start + AT_ONCE])]
        sound = [look for look in looks if not look.problem]
        outputs = predicted(model, sound, settings)
        for file, look in zip(files[start:], looks, strict=False):
            row: Row = {"file": file, **blank, "error": look.problem}
            if not look.problem:
                mask = next(outputs)
                row |= described(mask, meaning)
                if folder:
                    row["mask"] = str(save(mask, folder, name(Path(file).stem, taken)))
            yield row


def predicted(model: keras.Model, looks: list[Look], settings: Data) -> Iterator[np.ndarray]:
    """The mask that the model gives to each image."""
    files = tf.constant([look.file for look in looks])
    turns = tf.constant([look.turn for look in looks], tf.uint8)
    images = tf.data.Dataset.from_tensor_slices((files, turns)).map(
        lambda file, turn: read_image(file, turn, settings), tf.data.AUTOTUNE
    )
    for batch in images.batch(settings.batch_size) if looks else ():
        yield from scores.keep(model.predict_on_batch(batch))


def save(mask: np.ndarray, folder: Path, name: str) -> Path:
    """A PNG whose numbers are the classes, shown in the colours of the classes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    picture = Image.fromarray(mask)
    picture.putpalette(palette().tobytes())
    picture.save(path)
    return path


def name(stem: str, taken: set[str]) -> str:
    """The image's own name; images of one name from several folders are numbered."""
    found, number = stem, 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem}-{number}"
    taken.add(found.casefold())
    return found


{% include "task/_shared/find.py" %}
