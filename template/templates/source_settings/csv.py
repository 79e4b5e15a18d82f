"""The table [data] of config.toml: a table of images."""

from __future__ import annotations

from typing import Literal

from .table import Images, Text


class Data(Images):
    """Where the examples come from, and what is done to their images."""

    source: Literal["csv"]
    image: Text = "image"
    label: Text = "label"
    split: str = "split"
    group: str = ""
    separator: Text = ";"
