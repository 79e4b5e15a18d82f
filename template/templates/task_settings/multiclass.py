"""The table [task] of config.toml: one of several classes."""

from __future__ import annotations

from typing import Literal

from .table import Share, Table


class Task(Table):
    """How hard the model is to be judged for what it says."""

    label_smoothing: Share = 0.0
    class_weights: Literal["none", "balanced"] = "none"
