"""The table [task] of config.toml: a class for each pixel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .table import Table


class Task(Table):
    """How hard the model is to be judged for what it says."""

    class_weights: Literal["none", "balanced"] = "none"
    dice: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    ignore: Annotated[int, Field(ge=0, le=255)] = 255
