"""A run's folder: state that survives being killed at any instant.

Every file is written under another name, flushed to disk and then renamed. The state holds what
a stage changes (weights, optimizer, random seeds, progress); what the stage keeps frozen is
written once, when the stage begins.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import keras
import numpy as np

from .config import Config, ConfigError
from .examples import Meaning
from .workers import by_chief, from_chief

Arrays = dict[str, list[np.ndarray]]


@dataclass
class Progress:
    """How far a run has come."""

    stage: int = 0  # the stage under way, counted from 0
    epoch: int = 0  # epochs of it that are done
    best: float | None = None  # the lowest monitored value of the stage
    waited: int = 0  # epochs since then
    stopped: bool = False  # the stage's patience is used up
    history: list[dict[str, Any]] = field(default_factory=list)  # a row for each epoch


class Run:
    """One run of the schedule, in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state.npz"
        self.previous = folder / "state.previous.npz"
        self.model = folder / "model.keras"

    @property
    def begun(self) -> bool:
        """Whether there is anything to go on with; not if it failed before its first step."""
        return self.model.exists() or any(self.folder.glob("stage-*.npz"))

    @by_chief
    def save(self, progress: Progress, arrays: Arrays) -> None:
        """Replace the state; the one before stays as a spare."""
        flat: dict[str, Any] = {
            f"{kind}/{i}": a for kind, group in arrays.items() for i, a in enumerate(group)
        }
        text = np.frombuffer(json.dumps(asdict(progress)).encode(), dtype="uint8")
        fresh = self.folder / "state.new.npz"
        write(fresh, lambda file: np.savez(file, progress=text, **flat), rename=False)
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
                    keys = [key.partition("/") for key in file.files if key != "progress"]
                    kinds: Arrays = {kind: [] for kind, _, _ in keys}
                    for kind, _, number in sorted(keys, key=lambda key: (key[0], int(key[2]))):
                        kinds[kind].append(file[f"{kind}/{number}"])
                return progress, kinds
            except (FileNotFoundError, BadZipFile, OSError, ValueError, KeyError, EOFError):
                continue
        return Progress(), {}

    @by_chief
    def save_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        """Keep the whole model as it is when a stage begins."""
        values = read_values(variables)
        write(self._base(stage), lambda file: np.savez(file, *values))

    def load_base(self, stage: int, variables: Sequence[keras.Variable]) -> None:
        with np.load(self._base(stage)) as file:
            assign_values(variables, [file[f"arr_{index}"] for index in range(len(file.files))])

    @by_chief
    def drop_bases(self, before: int) -> None:
        """Forget the beginnings that neither the state nor its spare can need."""
        for stage in range(before):
            self._base(stage).unlink(missing_ok=True)

    @by_chief
    def save_frost(self, stage: int, parts: Sequence[dict[str, Any]]) -> None:
        """Note what the stage trains, for whoever reads of the run later."""
        text = json.dumps(parts, ensure_ascii=False)
        write(self.folder / f"frost-{stage}.json", lambda file: file.write(text.encode()))

    @by_chief
    def drop_state(self) -> None:
        """Forget what only an unfinished run needs."""
        for path in (self.state, self.previous, *self.folder.glob("stage-*.npz")):
            path.unlink(missing_ok=True)

    @by_chief
    def save_model(self, model: keras.Model, meaning: Meaning) -> None:
        """The trained model, without anything that only training needs."""
        plain = keras.Model(model.inputs, model.outputs, name="model")
        fresh = self.folder / "model.new.keras"
        plain.save(fresh)
        write(self.folder / "meaning.json", lambda file: file.write(meaning.dumps().encode()))
        os.replace(fresh, self.model)

    def _base(self, stage: int) -> Path:
        return self.folder / f"stage-{stage}.npz"


def open_run(root: Path, config: Config, fresh: bool) -> Run:
    """The unfinished run to go on with, else a new one; the same for all workers."""
    return Run(root / str(from_chief(lambda: _number(root, config, fresh))))


def _number(root: Path, config: Config, fresh: bool) -> int:
    runs = sorted(root.glob("[0-9]*"), key=lambda folder: int(folder.name))
    settings = config.model_dump_json(indent=1)
    number = int(runs[-1].name) + 1 if runs else 1
    if runs and not Run(runs[-1]).begun:
        number -= 1
    elif runs and not fresh:
        run = Run(runs[-1])
        known = json.loads((run.folder / "config.json").read_text(encoding="utf-8"))
        changed = sorted(_differences(known, json.loads(settings)))
        if not changed:
            return number - 1
        if not run.model.exists():
            raise ConfigError(
                f"{run.folder} is unfinished, and config.toml has changed since in: "
                f"{', '.join(changed)}. Change it back to go on, or start anew with --fresh"
            )
    run = Run(root / str(number))
    run.folder.mkdir(parents=True, exist_ok=True)
    write(run.folder / "config.json", lambda file: file.write(settings.encode()))
    return number


def newest(root: Path) -> Run:
    """The last run that finished."""
    finished = [f for f in root.glob("[0-9]*") if (f / "model.keras").exists()]
    if not finished:
        raise ConfigError(f"there is no finished run in {root}; train first")
    return Run(max(finished, key=lambda folder: int(folder.name)))


def write(path: Path, content: Callable[[BinaryIO], object], rename: bool = True) -> None:
    """Write a file so that it is there whole or not at all."""
    target = path.with_name(path.name + ".new") if rename else path
    with target.open("wb") as file:
        content(file)
        file.flush()
        os.fsync(file.fileno())
    if rename:
        os.replace(target, path)


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
