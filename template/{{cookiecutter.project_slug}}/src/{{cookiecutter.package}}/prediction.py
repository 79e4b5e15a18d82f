"""What a finished run's model says about any images, a batch at a time."""

from __future__ import annotations

import glob
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from . import task
from .config import ConfigError
from .data import single
from .examples import Meaning
from .folders import images_in
from .looking import look
from .recorder import Recorder, Row
from .source_settings import Data


def find(names: Iterable[str]) -> list[str]:
    """The files that are meant: a file itself, the images of a folder, what a pattern matches."""
    files: list[str] = []
    for name in names:
        matches = [name] if os.path.exists(name) else sorted(glob.glob(name, recursive=True))
        found = [file for match in matches for file in _files(match)]
        if not found:
            raise ConfigError(f"{name}: there is no such image, nor a folder that holds any")
        files += found
    return files


def predict(
    model: keras.Model, meaning: Meaning, settings: Data, files: Iterable[str], recorder: Recorder
) -> Iterator[Row]:
    """A row for each file, in their order; where one cannot be read, the row says why."""
    blank = dict.fromkeys(columns(model, meaning, recorder), "")
    read = reading(files, settings)
    room = 0
    while batch := list(islice(read, settings.batch_size)):
        images = [image for _, image in batch if not isinstance(image, str)]
        room = max(room, len(images))
        # Keras compiles anew for every size of batch, so a later and smaller one is filled up.
        full = np.zeros((room, settings.image_size, settings.image_size, 3), "uint8")
        full[: len(images)] = images or 0
        outputs = iter(model.predict_on_batch(full) if images else ())
        for file, image in batch:
            if isinstance(image, str):
                yield {"file": file, **blank, "error": image}
            else:
                yield {"file": file, **blank, **recorder.row(file, next(outputs), meaning)}


def columns(model: keras.Model, meaning: Meaning, recorder: Recorder) -> list[str]:
    """What a row holds besides its file, known before the first image is."""
    nothing = np.zeros(model.output_shape[1:], "float32")
    return [*task.describe(nothing, meaning), *recorder.columns, "error"]


def reading(files: Iterable[str], settings: Data) -> Iterator[tuple[str, np.ndarray | str]]:
    """Each file with its image, or with why it has none; two batches are read ahead."""
    read = single(settings)
    with ThreadPoolExecutor() as pool:
        ahead: deque[tuple[str, Callable[[], np.ndarray | str]]] = deque()
        for file in files:
            ahead.append((file, pool.submit(_read, read, file).result))
            if len(ahead) > 2 * settings.batch_size:
                first, result = ahead.popleft()
                yield first, result()
        for file, result in ahead:
            yield file, result()


def _read(read: Callable[..., tuple[tf.Tensor, tf.Tensor]], file: str) -> np.ndarray | str:
    seen = look(file)
    if seen.problem:
        return seen.problem
    target = tf.constant(0)  # nobody knows it
    image, _ = read(tf.constant(os.fsencode(file)), tf.constant(seen.turn, tf.uint8), target)
    return image.numpy()


def _files(match: str) -> list[str]:
    if not os.path.isdir(match):
        return [match]
    return [str(file) for file in images_in(Path(match))]
