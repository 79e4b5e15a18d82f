"""A run's folder: state that survives being killed at any instant.

Every file is written under another name, flushed to disk and then renamed. The state holds what
a stage changes (weights, optimizer, random seeds, progress); what the stage keeps frozen is
written once, when the stage begins.
"""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
import keras
import numpy as np

from ..config import Config, ConfigError
from ..data.files import write
from ..errors import DAMAGE, intact
from ..examples import Meaning
from . import record

Arrays = dict[str, list[np.ndarray]]


@dataclass
class Progress:
    """How far a run has come."""

    stage: int = 0  # the stage under way, counted from 0
    epoch: int = 0  # epochs of it that are done
    best: float | None = None  # the lowest monitored value of the stage
    waited: int = 0  # epochs since it last improved clearly
    reductions: int = 0  # how often the stage's rate was reduced
    stopped: bool = False  # the stage's patience is used up
    history: list[dict[str, Any]] = field(default_factory=list)  # a row for each epoch


class Run:
    """One run of the schedule, in its own folder."""

    writes = True  # False in those of several processes that leave it to the first

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state.npz"
        self.previous = folder / "state.previous.npz"
        self.model = folder / "model.keras"
        self.settings = folder / "config.json"
        self.history = folder / "history.csv"

    @property
    def begun(self) -> bool:
        """Whether there is anything to go on with; not if it failed before its first step."""
        return self.model.exists() or any(self.folder.glob("stage-*.npz"))

    def changed(self, config: Config) -> list[str]:
        """The settings that differ from those that the run was started with."""
        with intact(self.settings):
            known = dict(json.loads(self.settings.read_bytes()))
            return sorted(record.differences(known, json.loads(config.model_dump_json())))

    def begin(self, config: Config) -> None:
        """Keep the settings, unless the run goes on with those that it has."""
        if self.writes and not self.begun:
            write(self.settings, lambda file: file.write(config.model_dump_json(indent=1).encode()))

    def save(self, progress: Progress, arrays: Arrays) -> None:
        """Replace the state; the one before stays as a spare."""
        flat: Any = {f"{kind}/{i}": x for kind, of in arrays.items() for i, x in enumerate(of)}
        text = np.frombuffer(json.dumps(asdict(progress)).encode(), dtype="uint8")
        fresh = self.folder / "state.next.npz"
        write(fresh, lambda file: np.savez(file, progress=text, **flat))
        if self.state.exists():
            os.replace(self.state, self.previous)
        os.replace(fresh, self.state)
        record.write_history(self.history, progress.history)

    def load(self) -> tuple[Progress, Arrays]:
        """The newest state that can be read; a fresh one where no epoch has been saved."""
        for path in (self.state, self.previous):
            try:
                with np.load(path) as file:
                    progress = Progress(**json.loads(file["progress"].tobytes()))
                    arrays: Arrays = {}
                    for key in file.files[1:]:
                        arrays.setdefault(key.partition("/")[0], []).append(file[key])
            except DAMAGE as problem:
                if path.exists():  # a kill between two renames leaves only the spare
                    click.echo(f"{path} cannot be used ({problem})", err=True)
                continue
            if self.writes:  # a kill may have come before it had the last row
                record.write_history(self.history, progress.history)
            return progress, arrays
        if self.history.exists():
            raise ConfigError(f"{self.folder} has lost its last state; start anew with --fresh")
        return Progress(), {}

    def save_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        """Keep the whole model as it is when a stage begins."""
        write(self._base(stage), lambda file: np.savez(file, *read_values(variables)))

    def load_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        path = self._base(stage)
        with intact(path, "start anew with --fresh"), np.load(path) as file:
            assign_values(variables, [file[key] for key in file.files])

    def drop_bases(self, before: int) -> None:
        """Forget beginnings that neither the state nor its spare can need, and what a kill cut."""
        for path in (*map(self._base, range(before)), *self.folder.glob("*.new")):
            path.unlink(missing_ok=True)

    def finish(self, model: keras.Model, meaning: Meaning) -> None:
        """Keep the trained model, without anything that only training needs."""
        fresh = self.folder / "model.new.keras"
        keras.Model(model.inputs, model.outputs, name="model").save(fresh)
        write(self.folder / "meaning.json", lambda file: file.write(meaning.dumps().encode()))
        os.replace(fresh, self.model)
        for path in (self.state, self.previous, *self.folder.glob("stage-*.npz")):
            path.unlink(missing_ok=True)

    def _base(self, stage: int) -> Path:
        return self.folder / f"stage-{stage}.npz"


def open_run(root: Path, config: Config, fresh: bool, name: str | None = None) -> Run:
    """The unfinished run with the same settings, the newest if that is finished, or a new one."""
    if name and not re.fullmatch(r"\w[\w.-]*", name):
        raise ConfigError(f"--run {name}: use letters, digits and . _ - in the name of a run")
    begun = [run for run in runs(root) if run.begun and name in (None, run.folder.name)]
    unfinished = [run for run in begun if not run.model.exists()]
    same = [run for run in begun[-1:] + unfinished if not run.changed(config)]
    if same and not fresh:
        return same[-1]
    if name and begun:
        why = "exists" if same else "was trained with other settings"
        raise ConfigError(f"{begun[0].folder} {why}; choose another name")
    if unfinished and not fresh:
        raise ConfigError(
            f"{unfinished[-1].folder} is unfinished, and config.toml has changed since in: "
            f"{', '.join(unfinished[-1].changed(config))}. Change it back to go on, or start anew "
            "with --fresh"
        )
    taken = [int(run.folder.name) for run in begun if run.folder.name.isdecimal()]
    run = Run(root / (name or str(max(taken, default=0) + 1)))
    run.folder.mkdir(parents=True, exist_ok=True)
    return run


def runs(root: Path) -> list[Run]:
    """All runs, in the order in which they were started."""
    found = [Run(file.parent) for file in root.glob("*/config.json")]
    return sorted(found, key=lambda run: run.settings.stat().st_mtime_ns)


def finished(root: Path, name: str | None = None) -> Run:
    """A run that finished: the one of this name, or the newest."""
    found = [run for run in runs(root) if run.model.exists() and name in (None, run.folder.name)]
    if not found:
        raise ConfigError(f"there is no finished run in {root / (name or '')}; train first")
    return found[-1]


def read_values(variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def assign_values(variables: Sequence[keras.Variable], values: Sequence[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
