"""What `predict` says of an image: a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .examples import Meaning

Row = dict[str, Any]


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `predict` that only this task has: none."""
    return command


@dataclass(frozen=True)
class Recorder:
    """Puts a prediction into words."""

    columns: ClassVar[tuple[str, ...]] = ()

    def row(self, file: str, output: np.ndarray, meaning: Meaning) -> Row:
        from . import task  # not before it is needed: `--help` should not wait for TensorFlow

        return task.describe(output, meaning)
