"""The table [data] of config.toml: a data set of TensorFlow Datasets."""

from __future__ import annotations

from typing import Literal

from .table import Images, Text


class Data(Images):
    """Where the examples come from, and what is done to their images."""

    source: Literal["tfds"]
    name: Text
    image: Text = "image"
    label: Text = "label"
    group: str = ""
