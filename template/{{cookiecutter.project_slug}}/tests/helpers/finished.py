"""A finished run, without the training."""

from __future__ import annotations

from pathlib import Path

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.training.run import Run, open_run

from .made import MEANING
from .small import small_network_of


def finished_run(config: Config, root: Path, name: str | None = None) -> Run:
    """The small network as it begins, saved as a run saves its model."""
    run = open_run(root / "runs", config, fresh=True, name=name)
    run.begin(config)
    run.finish(small_network_of(config).model, MEANING)
    return run
