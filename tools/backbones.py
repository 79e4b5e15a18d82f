"""Build the backbones of the installed Keras and the bundled one, and analyse their graphs."""

import math
import re
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import keras

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "template/{{cookiecutter.project_slug}}/src/{{cookiecutter.package}}"
TINY = PACKAGE / "model/{% if cookiecutter.backbone == 'tiny' %}tiny.py{% endif %}"
FALLBACK_SIZES = {"default_size": 224, "min_size": 32}  # MobileNetV3 states them in prose only


def constructors() -> dict[str, Callable[..., keras.Model]]:
    """Find every backbone that the installed Keras offers, and add the bundled one."""
    found = vars(keras.applications).items()
    named = {name: item for name, item in found if name[0].isupper() and callable(item)}
    return named | {"tiny": load_tiny().Tiny}


def load_tiny() -> Any:
    """Execute the bundled backbone from the template, where its file name is Jinja."""
    module = types.ModuleType("tiny")
    exec(compile(TINY.read_text(encoding="utf-8"), str(TINY), "exec"), vars(module))
    return module


@contextmanager
def weightless(sizes: dict[str, int]) -> Iterator[None]:
    """Let constructors build their pretrained graph without downloading or allocating weights.

    EfficientNet adds a layer when it loads ImageNet weights, so all are asked to load them.
    Keras queues the weights that it did not allocate, and would allocate all of them, gigabytes,
    with the next model that has a Lambda layer; so the session is cleared.
    The default and smallest input size of each constructor are recorded in `sizes`.
    """
    from keras.src.applications import imagenet_utils

    checked = imagenet_utils.obtain_input_shape

    def record(shape: Any, *args: Any, **kwargs: Any) -> Any:
        sizes.update({key: kwargs[key] for key in FALLBACK_SIZES if kwargs.get(key)})
        return checked(shape, *args, **kwargs)

    with (
        warnings.catch_warnings(action="ignore"),  # about missing weights for an input size
        mock.patch("keras.src.utils.file_utils.get_file", return_value=""),
        mock.patch.object(keras.Model, "load_weights"),
        mock.patch.object(imagenet_utils, "obtain_input_shape", record),
        keras.src.backend.common.stateless_scope.StatelessScope(initialize_variables=False),
    ):
        yield
    keras.utils.clear_session(free_memory=False)


def build_twice(name: str) -> tuple[keras.Model, keras.Model, dict[str, int]]:
    """Build a backbone twice at its default size; names that differ were numbered by Keras."""
    build = constructors()[name]
    sizes = dict(FALLBACK_SIZES)
    if name == "tiny":
        first, second = build(), build()
        return first, second, {"image_size": second.input_shape[1], "min_size": 16}
    with weightless(sizes):
        build(include_top=False, weights="imagenet")  # only to record its sizes
        shape = (sizes["default_size"], sizes["default_size"], 3)
        first, second = (
            build(include_top=False, weights="imagenet", input_shape=shape) for _ in range(2)
        )
    return first, second, {"image_size": sizes["default_size"], "min_size": sizes["min_size"]}


def keras_numbered(layer: keras.layers.Layer) -> bool:
    """Tell whether Keras chose the name, as the generated project does at run time."""
    kind = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", type(layer).__name__)
    kind = re.sub(r"([a-z])([A-Z])", r"\1_\2", kind).lower()
    return re.fullmatch(rf"{kind}(_\d+)?", layer.name) is not None


def leaves_of(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    """List the layers of a container such as ConvNeXt's stem, or the layer itself."""
    return list(layer.layers) if isinstance(layer, keras.Model) else [layer]


def leaf_rows(first: keras.Model, second: keras.Model) -> list[list[Any]]:
    """Describe every leaf: position, stable name, kind, parameters that can and cannot train."""
    rows: list[list[Any]] = []
    for position, (one, two) in enumerate(zip(first.layers, second.layers, strict=True)):
        owner = one.name if isinstance(one, keras.Model) else None
        for leaf, twin in zip(leaves_of(one), leaves_of(two), strict=True):
            stable = leaf.name == twin.name
            if stable == keras_numbered(leaf):
                raise SystemExit(f"{first.name}: is the name {leaf.name!r} stable or not?")
            rows.append(
                [
                    position,
                    leaf.name if stable else None,
                    type(leaf).__name__,
                    sum(math.prod(w.shape) for w in leaf.trainable_weights),
                    sum(math.prod(w.shape) for w in leaf.non_trainable_weights),
                    owner,
                    filters_of(leaf),
                ]
            )
    return rows


def filters_of(layer: keras.layers.Layer) -> int | None:
    """Count the filters of a plain convolution, as the generated project does."""
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        return math.prod(layer.kernel.shape[-2:])
    if isinstance(layer, (keras.layers.Conv2D, keras.layers.Conv2DTranspose)):
        return layer.filters
    return None


def crossing(model: keras.Model) -> list[list[keras.KerasTensor]]:
    """For each position, the tensors that cross from the layers before it to the rest."""
    operations = list(model.operations)
    order = {id(operation): index for index, operation in enumerate(operations)}
    lives: dict[int, list[Any]] = {}
    for index, operation in enumerate(operations):
        node = operation._inbound_nodes[0]
        for tensor in node.input_tensors:
            lives[id(tensor)][1] = index
        lives.update({id(tensor): [index, index, tensor] for tensor in node.outputs})
    for tensor in model.outputs:
        lives[id(tensor)][1] = len(operations)
    starts = [order[id(layer)] for layer in model.layers] + [len(operations)]
    return [[t for made, used, t in lives.values() if made < start <= used] for start in starts]
