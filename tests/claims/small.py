"""Networks so small that a claim about freezing takes a second, and what one asks of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata
from typing import Any

import keras
import numpy as np
from keras import layers
from packaging.version import Version

RETRACED = "Unknown variable|This optimizer can only be called"


def keras_is(version: str) -> bool:
    """Whether the installed Keras is this version or a later one."""
    return Version(metadata.version("keras")) >= Version(version)


def numbers(count: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Examples of four numbers each, of three classes."""
    random = np.random.default_rng(0)
    return random.random((count, 4), "float32"), random.integers(0, 3, count)


def images(count: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Examples of 8 by 8 pixels whose mean is far from BatchNorm's first guess."""
    random = np.random.default_rng(0)
    return random.random((count, 8, 8, 3), "float32") * 3 + 1, random.integers(0, 3, count)


def plain() -> keras.Model:
    """Two dense layers, `low` and `top`."""
    keras.utils.set_random_seed(0)
    given = keras.Input((4,))
    hidden = layers.Dense(8, "relu", name="low")(given)
    return keras.Model(given, layers.Dense(3, "softmax", name="top")(hidden))


def frozen(name: str = "low") -> keras.Model:
    """The same with one of them frozen, and not compiled."""
    model = plain()
    model.get_layer(name).trainable = False
    return model


def body() -> keras.Model:
    """A backbone of one convolution `conv` and one BatchNorm `bn`."""
    keras.utils.set_random_seed(0)
    given = keras.Input((8, 8, 3))
    hidden = layers.Conv2D(4, 3, use_bias=False, name="conv")(given)
    hidden = layers.BatchNormalization(name="bn")(hidden)
    return keras.Model(given, layers.ReLU()(hidden), name="base")


def flat(base: keras.Model) -> keras.Model:
    """A head `top` on the backbone, in one graph with it."""
    hidden = layers.GlobalAveragePooling2D()(base.output)
    return keras.Model(base.input, layers.Dense(3, "softmax", name="top")(hidden))


def nested(base: keras.Model, **options: Any) -> keras.Model:
    """A head `top` on the backbone, which is called as one layer."""
    given = keras.Input((8, 8, 3))
    hidden = layers.GlobalAveragePooling2D()(base(given, **options))
    return keras.Model(given, layers.Dense(3, "softmax", name="top")(hidden))


def prepare(model: keras.Model, optimizer: Any = "sgd", **options: Any) -> keras.Model:
    """Compile; an Adam of one's own where its moments matter."""
    model.compile(optimizer, "sparse_categorical_crossentropy", **options)
    return model


def fit(model: keras.Model, batch: int = 8, **options: Any) -> set[str]:
    """Train for an epoch; the paths of what moved."""
    size = model.input_shape[1:]
    x, y = numbers() if size == (4,) else images()
    return moved(model, lambda: model.fit(x, y, batch_size=batch, verbose=0, **options))


def moved(model: keras.Model, action: Callable[[], Any]) -> set[str]:
    """The paths of the model's weights that are others after the action."""
    before = {weight.path: weight.numpy() for weight in model.weights}
    action()
    return {
        weight.path
        for weight in model.weights
        if not np.array_equal(before[weight.path], weight.numpy())
    }


def of(model: keras.Model, *names: str) -> set[str]:
    """The paths of these layers' weights, wherever the layers lie."""
    leaves = [layer for layer in model._flatten_layers(include_self=False) if layer.name in names]
    return {weight.path for layer in leaves for weight in layer.weights}


@functools.cache
def network(name: str, **options: Any) -> keras.Model:
    """One of keras.applications without its top, with random weights; not to be changed."""
    size = options.pop("size", 64)
    build = getattr(keras.applications, name)
    return build(weights=None, include_top=False, input_shape=(size, size, 3), **options)
