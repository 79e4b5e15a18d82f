"""Reads the layers of the user's own model from its `.keras` file, without TensorFlow."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frostline.backbones.selectors import selectors
from frostline.errors import UserError

CONTAINERS = ("Functional", "Model", "Sequential")
HEAD_BEGINS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")
LAMBDA = b'"__lambda__"'  # how Keras marks a function that it saved as Python code


def leaves(file: str, whole: bool = False) -> list[Any]:
    """The layers below the old head, or all of them, in order; none for an `.h5`."""
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
    """The layers in a `.keras` archive; none for an `.h5`, which cannot be read without h5py."""
    if Path(file).suffix.lower() != ".keras":
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            text = archive.read("config.json")
            layers: list[dict[str, Any]] = json.loads(text)["config"]["layers"]
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise UserError(
            f"{file} is not a .keras file with the layers of a model in it; "
            "save the model again with model.save()"
        ) from None
    except OSError as problem:
        raise UserError(f"cannot read {file}: {problem.strerror}") from None
    if LAMBDA in text:
        raise UserError(
            f"{file} carries Python code in a Lambda layer, and code from a model file is never "
            "run; put another layer in its place and save the model again"
        )
    return layers


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
