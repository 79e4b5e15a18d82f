"""Where the bytes of an image come from: a file, or a place in a TFRecord file.

A place is written `PATH@OFFSET+LENGTH`. So the images of a shard can be read in any order, which
a shuffle over all of them takes, and hashed and remembered like files.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import tensorflow as tf

PLACE = re.compile(r"(?s)(.*)@(\d+)\+(\d+)")


def read_bytes(entry: tf.Tensor) -> tf.Tensor:
    """The bytes of an image, in a graph."""
    return tf.cond(
        tf.strings.regex_full_match(entry, r"(?s).*@\d+\+\d+"),
        lambda: tf.ensure_shape(tf.numpy_function(_load, [entry], tf.string), ()),
        lambda: tf.io.read_file(entry),
    )


def load(entry: str) -> bytes:
    """The bytes of an image."""
    found = PLACE.fullmatch(entry)
    if not found:
        return Path(entry).read_bytes()
    with Path(found[1]).open("rb") as shard:
        shard.seek(int(found[2]))
        return shard.read(int(found[3]))


def file_of(entry: str) -> str:
    """The file that holds an image."""
    found = PLACE.fullmatch(entry)
    return found[1] if found else entry


def _load(entry: bytes | np.ndarray) -> bytes:
    """Outside a graph TensorFlow passes an array that holds the text."""
    text: bytes = entry.item() if isinstance(entry, np.ndarray) else entry
    return load(text.decode("utf-8", "surrogateescape"))
