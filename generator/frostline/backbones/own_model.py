"""Reads the layers of the user's own model from its file, without TensorFlow."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from frostline.backbones.selectors import selectors
from frostline.errors import UserError

CONTAINERS = ("Functional", "Model", "Sequential")
HEAD_BEGINS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")
HDF5 = b"\x89HDF\r\n\x1a\n"
LAMBDA = b'"__lambda__"'  # how Keras marks a function that it saved as Python code


def leaves(file: str, whole: bool = False) -> list[Any]:
    """The layers below the old head, or all of them, in order; none where they are unknown."""
    return list(_leaves(_architecture(file), whole))


def image_size(file: str) -> int | None:
    """Height and width of the images that the model takes, where they are fixed and equal."""
    for layer in _architecture(file):
        settings = layer.get("config", {})
        shape = settings.get("batch_shape") or settings.get("batch_input_shape")
        if shape and len(shape) == 4 and shape[1] == shape[2]:
            return shape[1] if isinstance(shape[1], int) else None
    return None


def _architecture(file: str) -> list[dict[str, Any]]:
    """The layers in the file; none for an `.h5` where there is no h5py to read it."""
    if not readable(file):
        return []
    kind = Path(file).suffix.lower()
    try:
        text = _from_archive(file) if kind == ".keras" else _from_hdf5(file)
        layers: list[dict[str, Any]] = json.loads(text)["config"]["layers"]
        first = layers[0]
    except (zipfile.BadZipFile, LookupError, TypeError, ValueError):
        raise UserError(
            f"{file} is not a {kind} file with the layers of a model in it; "
            "save the model again with model.save()"
        ) from None
    except OSError as problem:
        raise UserError(f"cannot read {file}: {problem.strerror or problem}") from None
    if LAMBDA in text:
        raise UserError(
            f"{file} carries Python code in a Lambda layer, and code from a model file is never "
            "run; put another layer in its place and save the model again"
        )
    if first["class_name"] != "InputLayer":  # Keras 2 leaves it out of a Sequential
        shape = first.get("config", {}).get("batch_input_shape")
        settings = {"name": "input", "batch_shape": shape}
        layers = [{"class_name": "InputLayer", "config": settings}, *layers]
    return layers


def readable(file: str) -> bool:
    """Whether the layers can be known before training: an `.h5` takes h5py, which Keras brings."""
    return Path(file).suffix.lower() == ".keras" or find_spec("h5py") is not None


def _from_archive(file: str) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return archive.read("config.json")


def _from_hdf5(file: str) -> bytes:
    import h5py

    with open(file, "rb") as raw:  # whose errors say what is wrong
        if raw.read(8) != HDF5:
            raise ValueError
    with h5py.File(file) as stored:
        text = stored.attrs["model_config"]
    return text if isinstance(text, bytes) else str(text).encode()


def _leaves(layers: list[dict[str, Any]], whole: bool) -> Iterator[Any]:
    leaf, stable_name = selectors().Leaf, selectors().stable_name
    for position, layer in enumerate(_flat(layers)):
        kind, name = layer["class_name"], layer["config"].get("name", "")
        if kind in HEAD_BEGINS and not whole:
            return
        yield leaf(position, stable_name(name, kind), kind, "")


def _flat(layers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Nested models replaced by their layers, as the project does when it loads the model."""
    for layer in layers:
        if layer["class_name"] not in CONTAINERS:
            yield layer
            continue
        inner = _flat(layer["config"]["layers"])
        yield from (part for part in inner if part["class_name"] != "InputLayer")
