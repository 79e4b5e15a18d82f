"""Decoded images that are kept between epochs, in memory or on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from . import storage
from .examples import Examples
from .source_settings import Data
from .store import Spec, Store, choose_place, open_store, size_of

CODE = ("augment.py", "images.py", "masks.py", "orientation.py", "task.py")  # decides about pixels

_opened: dict[tuple[str, str], Store | None] = {}  # one for all stages of a run


def kept_images(examples: Examples, settings: Data, specs: Sequence[Spec]) -> Store | None:
    """Where the decoded images and their targets are kept; None where there is no room."""
    if settings.keep == "off" or not len(examples):
        return None
    name = pixels_key(examples, settings)
    if (name, settings.keep) not in _opened:
        place = choose_place(settings.keep, size_of(specs))
        store = None if place == "off" else open_store(place, f"images-{name}", specs)
        _opened[name, settings.keep] = store
    return _opened[name, settings.keep]


def pixels_key(examples: Examples, settings: Data) -> str:
    """A hash of what the pixels depend on: the files, the settings, the code that reads them."""
    here = Path(__file__).parent
    code = [path.read_bytes() for path in (here / name for name in CODE) if path.exists()]
    facts = (tf.__version__, settings.image_size, settings.resize, *code)
    digest = hashlib.sha256(repr(facts).encode())
    for part in (examples.turns, examples.targets):
        digest.update(np.ascontiguousarray(part).tobytes())
    for known in examples.digests or map(_digest, examples.files):
        digest.update(known.encode())
    for mask in examples.masks:
        digest.update(_digest(mask).encode())
    return digest.hexdigest()[:32]


def _digest(entry: str) -> str:
    return hashlib.sha256(storage.load(entry)).hexdigest()
