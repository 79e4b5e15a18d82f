"""What a finished run's model says about images, and how often it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from . import dataset, source, task
from .checkpoint import Run, write
from .config import Config, ConfigError
from .data import in_order
from .examples import Examples, Meaning
from .source_settings import Data


def evaluate(config: Config, run: Run) -> dict[str, float]:
    """Figures on the test images; they and the outputs behind them stay in the run's folder."""
    splits = dataset.read(config)
    if not len(splits.test):
        raise ConfigError("there are no test images; see [data] test in config.toml")
    model, meaning = load(run)
    if meaning.names != splits.meaning.names:
        known, held = ", ".join(meaning.names), ", ".join(splits.meaning.names)
        raise ConfigError(f"{run.model} knows {known}, but the data hold {held}")
    targets, outputs = answers(model, splits.test, config.data)
    figures = task.summarise(targets, outputs, meaning)
    write(run.folder / "metrics.json", lambda f: f.write(json.dumps(figures, indent=1).encode()))
    kept: dict[str, Any] = {"targets": targets, "outputs": outputs}
    kept["files"] = np.array(splits.test.files)
    write(run.folder / "test.npz", lambda file: np.savez(file, **kept))
    return figures


def answers(
    model: keras.Model, examples: Examples, settings: Data
) -> tuple[np.ndarray, np.ndarray]:
    """What the model should say about each example, and what it says."""
    pairs = [
        (targets.numpy(), task.keep(model.predict_on_batch(images)))
        for images, targets in in_order(examples, settings)
    ]
    targets, outputs = zip(*pairs, strict=True)
    return np.concatenate(targets), np.concatenate(outputs)


def predict(config: Config, run: Run, paths: tuple[Path, ...]) -> list[dict[str, str | float]]:
    """A row for each image."""
    files = tuple(str(file) for path in paths for file in _images(path))
    if not files:
        raise ConfigError(f"there are no images in {', '.join(map(str, paths))}")
    model, meaning = load(run)
    unknown = Examples(files, np.zeros(len(files), dtype="int32"))
    outputs = model.predict(in_order(unknown, config.data), verbose=0)
    rows = (task.describe(output, meaning) for output in outputs)
    return [{"file": file, **row} for file, row in zip(files, rows, strict=True)]


def load(run: Run) -> tuple[keras.Model, Meaning]:
    """The trained model, and what its outputs stand for."""
    meaning = Meaning.load(run.folder / "meaning.json")
    return keras.models.load_model(run.model, compile=False), meaning


def _images(path: Path) -> Iterator[Path]:
    return source.images_in(path) if path.is_dir() else iter([path])
