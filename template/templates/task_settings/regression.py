"""The table [task] of config.toml: numbers."""

from __future__ import annotations

from typing import Literal

from .table import Table


class Task(Table):
    """How hard the model is to be judged for what it says."""

    loss: Literal["mse", "mae", "huber"] = "mse"
