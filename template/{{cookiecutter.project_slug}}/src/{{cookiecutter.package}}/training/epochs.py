"""After each epoch: is it the best so far, is it time to stop, and save where we are."""

from __future__ import annotations

import math
import time
from typing import Any

import keras
import numpy as np

from ..config import Stage
from ..freezing.freezer import Frost
from .objective import MONITOR
from .run import Arrays, Progress, Run, assign_values, read_values


class TrainingError(RuntimeError):
    """Training went wrong; the message is meant for the user."""


class Epochs(keras.callbacks.Callback):
    """Keeps a stage's best weights and everything that is needed to go on after a kill."""

    def __init__(
        self,
        run: Run,
        progress: Progress,
        stage: Stage,
        frost: Frost,
        state: tuple[keras.Variable, ...],
        optimizer: keras.optimizers.Optimizer,
    ) -> None:
        super().__init__()
        self.run, self.progress, self.stage, self.optimizer = run, progress, stage, optimizer
        frozen = {id(variable) for variable in frost.frozen}
        self.changing = [variable for variable in state if id(variable) not in frozen]
        self.moving = frost.moving
        self._best: list[np.ndarray] = []

    def boards(self) -> list[keras.callbacks.Callback]:
        """TensorBoard's log of the stage."""
        logs = self.run.folder / "logs" / str(self.progress.stage)
        return [keras.callbacks.TensorBoard(logs, write_graph=False)] if self.run.writes else []

    def restore(self, arrays: Arrays) -> None:
        """Put back what a killed run had saved last."""
        assign_values(self.changing, arrays["changing"])
        assign_values(self.optimizer.variables, arrays["optimizer"])
        self._best = arrays.get("best") or read_values(self.moving)

    def restore_best(self) -> None:
        """End the stage with the weights of its best epoch."""
        assign_values(self.moving, self._best)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        values = {key: float(value) for key, value in (logs or {}).items()}
        self._refuse_nan(epoch, values)
        progress = self.progress
        progress.epoch = epoch + 1
        progress.history.append(self._row(values))
        improved = progress.best is None or values[MONITOR] < progress.best
        if improved:
            progress.best = values[MONITOR]
            progress.waited = 0
            self._best = read_values(self.moving)
        else:
            progress.waited += 1
        if self.stage.patience and progress.waited >= self.stage.patience:
            progress.stopped = True
            self.model.stop_training = True
        arrays = {
            "changing": read_values(self.changing),
            "optimizer": read_values(self.optimizer.variables),
        }
        self.run.save(progress, arrays if improved else {**arrays, "best": self._best})

    def _row(self, values: dict[str, float]) -> dict[str, Any]:
        return {
            "stage": self.stage.name,
            "epoch": len(self.progress.history) + 1,
            "seconds": round(time.perf_counter() - self._began, 3),
            **values,
        }

    def _refuse_nan(self, epoch: int, values: dict[str, float]) -> None:
        wrong = [key for key, value in values.items() if not math.isfinite(value)]
        if wrong:
            raise TrainingError(
                f"{wrong[0]} is no longer a number in stage '{self.stage.name}', epoch "
                f"{epoch + 1}: lower its learning_rate ({self.stage.learning_rate:g}) in "
                f"config.toml and start anew with --fresh. The last good state is in "
                f"{self.run.state}"
            )
