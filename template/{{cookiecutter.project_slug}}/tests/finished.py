"""A finished run, without the training."""

from __future__ import annotations

from pathlib import Path

from made import MEANING
from small import small_network_of

from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config


def finished_run(config: Config, root: Path) -> Run:
    """The small network as it begins, saved as a run saves its model."""
    run = Run(root / "runs" / "1")
    run.folder.mkdir(parents=True)
    run.save_model(small_network_of(config).model, MEANING)
    (run.folder / "config.json").write_text(config.model_dump_json())
    return run
