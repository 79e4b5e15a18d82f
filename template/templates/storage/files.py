"""Where the bytes of an image come from: each is a file."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf


def read_bytes(entry: tf.Tensor) -> tf.Tensor:
    """The bytes of an image, in a graph."""
    return tf.io.read_file(entry)


def load(entry: str) -> bytes:
    """The bytes of an image."""
    return Path(entry).read_bytes()


def file_of(entry: str) -> str:
    """The file that holds an image: itself."""
    return entry
