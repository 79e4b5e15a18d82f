"""A run's folder: state that survives being killed at any instant.

Every file is written under another name, flushed to disk and then renamed. The state holds what
a stage changes (weights, optimizer, random seeds, progress); what the stage keeps frozen is
written once, when the stage begins.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from ..config import Config, ConfigError
from ..data.files import write
from ..examples import Meaning

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

    @property
    def begun(self) -> bool:
        """Whether there is anything to go on with; not if it failed before its first step."""
        return self.model.exists() or any(self.folder.glob("stage-*.npz"))

    def changed(self, config: Config) -> list[str]:
        """The settings that differ from those that the run was started with."""
        known, new = json.loads(self.settings.read_bytes()), json.loads(config.model_dump_json())
        return sorted(_differences(known, new))

    def save(self, progress: Progress, arrays: Arrays) -> None:
        """Replace the state; the one before stays as a spare."""
        flat: Any = {f"{kind}/{i}": x for kind, of in arrays.items() for i, x in enumerate(of)}
        text = np.frombuffer(json.dumps(asdict(progress)).encode(), dtype="uint8")
        fresh = self.folder / "state.next.npz"
        write(fresh, lambda file: np.savez(file, progress=text, **flat))
        if self.state.exists():
            os.replace(self.state, self.previous)
        os.replace(fresh, self.state)
        write(self.folder / "history.csv", lambda file: file.write(_csv(progress.history)))

    def load(self) -> tuple[Progress, Arrays]:
        """The newest state that can be read; a fresh one where there is none."""
        for path in (self.state, self.previous):
            try:
                with np.load(path) as file:
                    progress = Progress(**json.loads(file["progress"].tobytes()))
                    arrays: Arrays = {}
                    for key in file.files[1:]:
                        arrays.setdefault(key.partition("/")[0], []).append(file[key])
                return progress, arrays
            except (BadZipFile, OSError, ValueError, KeyError, EOFError):
                continue
        return Progress(), {}

    def save_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        """Keep the whole model as it is when a stage begins."""
        write(self._base(stage), lambda file: np.savez(file, *read_values(variables)))

    def load_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        with np.load(self._base(stage)) as file:
            assign_values(variables, [file[key] for key in file.files])

    def drop_bases(self, before: int) -> None:
        """Forget beginnings that neither the state nor its spare can need, and what a kill cut."""
        for path in (*map(self._base, range(before)), *self.folder.glob("*.new")):
            path.unlink(missing_ok=True)

    def finish(self, model: keras.Model, meaning: Meaning) -> None:
        """Keep the trained model, without anything that only training needs."""
        plain = keras.Model(model.inputs, model.outputs, name="model")
        fresh = self.folder / "model.new.keras"
        plain.save(fresh)
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
    write(run.settings, lambda file: file.write(config.model_dump_json(indent=1).encode()))
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


def _differences(old: Any, new: Any, where: str = "") -> set[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        inner = (_differences(old.get(k), new.get(k), f"{where}.{k}") for k in keys)
        return set().union(*inner)
    return set() if old == new else {where.lstrip(".")}


def _csv(history: list[dict[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(key for row in history for key in row))
    rows = [",".join(str(row.get(column, "")) for column in columns) for row in history]
    return "\n".join([",".join(columns), *rows, ""]).encode()
