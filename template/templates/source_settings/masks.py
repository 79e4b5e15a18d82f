"""The table [data] of config.toml: folders of images and of masks."""

from __future__ import annotations

from typing import Literal

from .table import Images


class Data(Images):
    """Where the examples come from, and what is done to their images."""

    source: Literal["folder"]
    group: str = ""
