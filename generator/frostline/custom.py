"""A model of the user's own: what its file says without TensorFlow."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frostline.errors import UserError
from frostline.network import selectors

CONTAINERS = ("Functional", "Model", "Sequential")
ENDS_THE_MAPS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")
CODE = b'"__lambda__"'  # what Keras writes where a layer's function is Python code


def config(file: str) -> dict[str, Any] | None:
    """The architecture in a `.keras` archive; None for an `.h5`, which takes HDF5 to read."""
    if Path(file).suffix.lower() != ".keras":
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            text = archive.read("config.json")
            layers = json.loads(text)["config"]["layers"]
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise UserError(
            f"{file} is not a .keras file with the layers of a model in it; "
            "save the model again with model.save()"
        ) from None
    except OSError as problem:
        raise UserError(f"cannot read {file}: {problem.strerror}") from None
    if CODE in text:
        raise UserError(
            f"{file} carries Python code in a Lambda layer, and code from a model file is never "
            "run; put another layer in its place and save the model again"
        )
    return {"layers": layers}


def leaves(file: str, whole: bool = False) -> list[Any]:
    """The layers below the old head, or all, in order; none where the file cannot tell."""
    found = config(file)
    return list(_leaves(found["layers"], whole)) if found else []


def image_size(file: str) -> int | None:
    """The side of the images that the model takes, where it is fixed."""
    found = config(file)
    for layer in found["layers"] if found else ():
        settings = layer.get("config", {})
        shape = settings.get("batch_shape") or settings.get("batch_input_shape")
        if shape and len(shape) == 4 and shape[1] == shape[2]:
            return shape[1] if isinstance(shape[1], int) else None
    return None


def _leaves(layers: list[dict[str, Any]], whole: bool) -> Iterator[Any]:
    leaf, stable_name = selectors().Leaf, selectors().stable_name
    for position, layer in enumerate(_flat(layers)):
        kind, name = layer["class_name"], layer["config"].get("name", "")
        if kind in ENDS_THE_MAPS and not whole:
            return
        yield leaf(position, stable_name(name, kind), kind, "")


def _flat(layers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The layers of models within the model stand among its own, as the project lays them out."""
    for layer in layers:
        if layer["class_name"] not in CONTAINERS:
            yield layer
            continue
        inner = _flat(layer["config"]["layers"])
        yield from (part for part in inner if part["class_name"] != "InputLayer")
