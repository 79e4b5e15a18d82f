"""How often a finished run's model is right about the test images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from . import dataset, task
from .checkpoint import Run, write
from .config import Config, ConfigError, parse
from .data import in_order, steps
from .examples import Examples, Meaning, Splits
from .interval import interval
from .progress import followed
from .source_settings import Data

ROWS = 12  # so many figures of single classes or targets are printed


def evaluate(config: Config, run: Run) -> dict[str, float]:
    """Figures on the test images; they and the outputs behind them stay in the run's folder."""
    splits = dataset.read(config)
    if not len(splits.test):
        raise ConfigError("there are no test images; see [data] test in config.toml")
    model, meaning = load(run)
    if meaning.names != splits.meaning.names:
        known, held = ", ".join(meaning.names), ", ".join(splits.meaning.names)
        raise ConfigError(f"{run.model} knows {known}, but the data hold {held}")
    targets, outputs = answers(model, splits.test, as_trained(config.data, run))
    figures = task.summarise(targets, outputs, meaning)
    if ends := interval(targets, outputs, meaning):
        low, high = ends
        figures |= {f"{task.HEADLINE}_low": low, f"{task.HEADLINE}_high": high}
    _keep(run.folder, splits, targets, outputs)
    write(run.folder / "metrics.json", lambda f: f.write(json.dumps(figures, indent=1).encode()))
    return figures


def answers(
    model: keras.Model, examples: Examples, settings: Data
) -> tuple[np.ndarray, np.ndarray]:
    """What the model should say about each example, and what it says."""
    pairs = (
        (targets.numpy(), task.keep(model.predict_on_batch(images)))
        for images, targets in in_order(examples, settings)
    )
    done = 0
    arrays: list[np.ndarray] = []
    for pair in followed(pairs, steps(examples, settings), "evaluating"):
        if not arrays:  # room for all of it at once: a list of batches would need it twice
            arrays = [np.empty((len(examples), *part.shape[1:]), part.dtype) for part in pair]
        for array, part in zip(arrays, pair, strict=True):
            array[done : done + len(part)] = part
        done += len(pair[0])
    targets, outputs = arrays
    return targets, outputs


def load(run: Run) -> tuple[keras.Model, Meaning]:
    """The trained model, and what its outputs stand for."""
    meaning = Meaning.load(run.folder / "meaning.json")
    return keras.models.load_model(run.model, compile=False), meaning


def as_trained(settings: Data, run: Run) -> Data:
    """The images as the model knows them, whatever config.toml has come to say since."""
    stored = run.folder / "config.json"
    trained = parse(json.loads(stored.read_text(encoding="utf-8")), str(stored)).data
    shape = {"image_size": trained.image_size, "resize": trained.resize}
    return settings.model_copy(update=shape)


def table(figures: dict[str, float]) -> str:
    """The figures as text, the headline with its interval."""
    low, high = (f"{task.HEADLINE}_{end}" for end in ("low", "high"))
    single = [name for name in figures if "/" in name]
    lines = [f"{'':<32}{'':>10}   95 % interval"] if low in figures else []
    for name, value in figures.items():
        if name in (low, high, *single[ROWS:]):
            continue
        line = f"{name:<32}{value:>10.4f}"
        if name == task.HEADLINE and low in figures:
            line += f"   {figures[low]:.4f} to {figures[high]:.4f}"
        lines.append(line)
    if single[ROWS:]:
        lines.append(f"and {len(single) - ROWS} more, in metrics.json")
    return "\n".join(lines)


def _keep(folder: Path, splits: Splits, targets: np.ndarray, outputs: np.ndarray) -> None:
    """What the figures come from, for whoever wants to look closer."""
    kept: dict[str, Any] = {"targets": targets, "outputs": outputs}
    kept["files"] = np.array(splits.test.files)
    kept["counts"] = np.array([len(splits.train), len(splits.validation), len(splits.test)])
    write(folder / "test.npz", lambda file: np.savez_compressed(file, **kept))
