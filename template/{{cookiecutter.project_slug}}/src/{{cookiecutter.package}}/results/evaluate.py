"""Measures a finished run's model on the test images."""

import json
import sys
from typing import Any

import click
import keras
import numpy as np

from ..config import Config, ConfigError, Data, parse
from ..data.batches import in_order, steps
from ..data.files import write
from ..data.load import load
from ..errors import intact
from ..examples import Examples, Meaning
from ..hooks import kits
from ..training.run import Run
from . import scores

ROWS = 12  # so many figures of single classes or targets are printed


def evaluate(config: Config, run: Run) -> dict[str, float]:
    """Figures on the test images; they and the outputs behind them stay in the run's folder."""
    config = as_trained(config, run)
    splits = load(config)
    test = splits.test
    for kit in kits():
        test = kit.test_examples(run.folder, test) if kit.test_examples else test
    if not len(test):
        raise ConfigError(
            "there are no images to test with that the run has not seen; see [data] test in "
            "config.toml, or train anew with --fresh"
        )
    model, meaning = load_model(run)
    if meaning.names != splits.meaning.names:
        known, held = ", ".join(meaning.names), ", ".join(splits.meaning.names)
        raise ConfigError(f"{run.model} knows {known}, but the data hold {held}")
    targets, outputs = answers(model, test, config.data)
    figures = scores.summarise(targets, outputs, meaning)
    kept: dict[str, Any] = {"targets": targets, "outputs": outputs}
    kept["files"] = np.array(test.origins or test.files)
    kept["counts"] = np.array([len(splits.train), len(splits.validation), len(test)])
    write(run.folder / "test.npz", lambda file: np.savez_compressed(file, **kept))
    write(run.folder / "metrics.json", lambda f: f.write(json.dumps(figures, indent=1).encode()))
    return figures


{% include ["task/" ~ cookiecutter.task ~ "/answers.py", "task/_shared/answers.py"] %}


def load_model(run: Run) -> tuple[keras.Model, Meaning]:
    """The trained model, and what its outputs stand for."""
    with intact(run.folder / "meaning.json"):
        meaning = Meaning.load(run.folder / "meaning.json")
    with intact(run.model):
        return keras.models.load_model(run.model, compile=False), meaning


def as_trained(config: Config, run: Run) -> Config:
    """The run's own settings of images, labels and splits, even if config.toml has changed since.

    Only paths, and settings that do not affect the metrics, are taken from config.toml.
    """
    with intact(run.settings):
        trained = parse(json.loads(run.settings.read_bytes()), str(run.settings))
    today = {"path", "batch_size", *(k for k, of in Data.model_fields.items() if of.exclude)}
    data = {key: value for key, value in trained.data if key not in today}
    parts = {"data": config.data.model_copy(update=data), "head": trained.head}
    return config.model_copy(update={**parts, "task": trained.task})


def table(figures: dict[str, float]) -> str:
    """The figures as text; of single classes or targets only the first."""
    single = [name for name in figures if "/" in name]
    lines = [f"{k:<32}{v:>10.4f}" for k, v in figures.items() if k not in single[ROWS:]]
    more = [f"and {len(single) - ROWS} more, in metrics.json"] if single[ROWS:] else []
    return "\n".join(lines + more)
