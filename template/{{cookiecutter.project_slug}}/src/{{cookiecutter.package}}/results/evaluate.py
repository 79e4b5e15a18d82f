"""How often a finished run's model is right about the test images."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click
import keras
import numpy as np

from ..config import Config, ConfigError, Data, parse
from ..data.batches import in_order, steps
from ..data.files import write
from ..data.load import load
from ..examples import Examples, Meaning
from ..training.run import Run, runs
from . import scores

ROWS = 12  # so many figures of single classes or targets are printed


def evaluate(config: Config, run: Run) -> dict[str, float]:
    """Figures on the test images; they and the outputs behind them stay in the run's folder."""
    splits = load(config)
    if not len(splits.test):
        raise ConfigError("there are no test images; see [data] test in config.toml")
    model, meaning = load_model(run)
    if meaning.names != splits.meaning.names:
        known, held = ", ".join(meaning.names), ", ".join(splits.meaning.names)
        raise ConfigError(f"{run.model} knows {known}, but the data hold {held}")
    targets, outputs = answers(model, splits.test, as_trained(config.data, run))
    figures = scores.summarise(targets, outputs, meaning)
    kept: dict[str, Any] = {"targets": targets, "outputs": outputs}
    kept["files"] = np.array(splits.test.origins or splits.test.files)
    kept["counts"] = np.array([len(splits.train), len(splits.validation), len(splits.test)])
    write(run.folder / "test.npz", lambda file: np.savez_compressed(file, **kept))
    write(run.folder / "metrics.json", lambda f: f.write(json.dumps(figures, indent=1).encode()))
    return figures


{% include ["task/" ~ cookiecutter.task ~ "/answers.py", "task/_shared/answers.py"] %}


def load_model(run: Run) -> tuple[keras.Model, Meaning]:
    """The trained model, and what its outputs stand for."""
    meaning = Meaning.load(run.folder / "meaning.json")
    return keras.models.load_model(run.model, compile=False), meaning


def as_trained(settings: Data, run: Run) -> Data:
    """The images as the model knows them, whatever config.toml has come to say since."""
    values = json.loads(run.settings.read_text(encoding="utf-8"))
    trained = parse(values, str(run.settings)).data
    shape = {"image_size": trained.image_size, "resize": trained.resize}
    return settings.model_copy(update=shape)


def table(figures: dict[str, float]) -> str:
    """The figures as text; of single classes or targets only the first."""
    single = [name for name in figures if "/" in name]
    lines = [f"{k:<32}{v:>10.4f}" for k, v in figures.items() if k not in single[ROWS:]]
    more = [f"and {len(single) - ROWS} more, in metrics.json"] if single[ROWS:] else []
    return "\n".join(lines + more)


def listed(root: Path, config: Config) -> str:
    """All runs: how far they are, their figure, and which settings differ from config.toml's."""
    lines = [f"{'run':<12}{'state':<28}{scores.HEADLINE:>12}  other settings"]
    for run in runs(root):
        state, history = "not begun", run.folder / "history.csv"
        if history.exists():
            *_, last = csv.DictReader(history.read_text(encoding="utf-8").splitlines())
            state = "finished" if run.model.exists() else f"{last['stage']}, epoch {last['epoch']}"
        metrics = run.folder / "metrics.json"
        figure = json.loads(metrics.read_bytes())[scores.HEADLINE] if metrics.exists() else "-"
        other = ", ".join(run.changed(config))
        lines.append(f"{run.folder.name:<12}{state:<28}{figure:>12.4}  {other}")
    return "\n".join(lines)
