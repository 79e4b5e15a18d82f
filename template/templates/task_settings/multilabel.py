"""The table [task] of config.toml: any of several labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .table import Share, Table


class Task(Table):
    """How hard the model is to be judged for what it says, and when it says yes."""

    label_smoothing: Share = 0.0
    class_weights: Literal["none", "balanced"] = "none"
    threshold: Literal["auto"] | Annotated[float, Field(gt=0, lt=1)] = "auto"
