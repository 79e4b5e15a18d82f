"""What a finished run's model says about images, and how often it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

from . import source, task
from .checkpoint import Run, write
from .config import Config, ConfigError
from .data import Examples, in_order


def evaluate(config: Config, run: Run) -> dict[str, float]:
    """Figures on the test images; they and the outputs behind them stay in the run's folder."""
    splits = source.read(config)
    if not len(splits.test):
        raise ConfigError("there are no test images; see [data] test in config.toml")
    model, classes = load(run)
    if classes != splits.classes:
        raise ConfigError(
            f"{run.model} knows {', '.join(classes)}, but the data hold {', '.join(splits.classes)}"
        )
    outputs = model.predict(in_order(splits.test, config.data), verbose=0)
    figures = task.summarise(splits.test.targets, outputs, classes)
    write(run.folder / "metrics.json", lambda f: f.write(json.dumps(figures, indent=1).encode()))
    write(
        run.folder / "test.npz",
        lambda file: np.savez(
            file, files=np.array(splits.test.files), targets=splits.test.targets, outputs=outputs
        ),
    )
    return figures


def predict(config: Config, run: Run, paths: tuple[Path, ...]) -> list[dict[str, str | float]]:
    """A row for each image."""
    files = tuple(str(file) for path in paths for file in _images(path))
    if not files:
        raise ConfigError(f"there are no images in {', '.join(map(str, paths))}")
    model, classes = load(run)
    unknown = Examples(files, np.zeros(len(files), dtype="int32"))
    outputs = model.predict(in_order(unknown, config.data), verbose=0)
    rows = (task.describe(output, classes) for output in outputs)
    return [{"file": file, **row} for file, row in zip(files, rows, strict=True)]


def load(run: Run) -> tuple[keras.Model, tuple[str, ...]]:
    """The trained model and the classes it tells apart."""
    classes = json.loads((run.folder / "classes.json").read_text(encoding="utf-8"))
    return keras.models.load_model(run.model, compile=False), tuple(classes)


def _images(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(f for f in path.rglob("*") if f.suffix.lower() in source.SUFFIXES)
    else:
        yield path
