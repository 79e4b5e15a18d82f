"""What the tables of config.toml are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, lt=1)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
CountOrNone = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of config.toml: nothing but its own keys, and read-only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Images(Table):
    """What [data] says of images, wherever they come from."""

    path: Path
    image_size: Annotated[int, Field(ge=16)]
    batch_size: Count
    resize: Literal["crop", "pad", "stretch"] = "crop"
    validation: Share = 0.15
    test: Share = 0.15
    flip: Literal["none", "horizontal", "both"] = "none"
    keep: Literal["auto", "memory", "disk", "off"] = "auto"
    on_bad_file: Literal["stop", "skip"] = "stop"
