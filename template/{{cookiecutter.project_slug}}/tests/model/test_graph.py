"""Cuts of the layer graph, the frost line among them."""

from __future__ import annotations

import keras

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.freezing.freezer import Freezer
from {{ cookiecutter.package }}.model import graph
from {{ cookiecutter.package }}.model.network import Network


def test_no_cut_falls_inside_a_branch(network: Network) -> None:
    names = [cut.name for cut in graph.cut_points(network.model)]
    second = list(network.blocks)[1]
    assert f"{second}_add" in names
    assert not {f"{second}_conv", f"{second}_bn", f"{second}_relu"} & set(names)


def test_nothing_before_the_frost_line_changes(
    freezer: Freezer, network: Network, config: Config
) -> None:
    for stage in config.stage:
        frost = freezer.freeze(stage)
        line = graph.frost_line(network.model, frost.moving)
        moving = {id(variable) for variable in frost.moving}
        if line:
            assert not any(id(w) in moving for layer in line.layers for w in layer.weights)
            assert not any(graph.is_random(layer) for layer in line.layers)
    last = freezer.freeze(config.stage[0].model_copy(update={"train": ("block:-1",)}))
    line = graph.frost_line(network.model, last.trainable)
    assert line is not None
    assert line.name.startswith(list(network.blocks)[-2])


def test_nothing_random_lies_before_the_frost_line() -> None:
    """Else what is stored would be one throw of the dice, or none."""
    layers = keras.layers
    attention = layers.MultiHeadAttention(1, 2, dropout=0.1, name="random")
    kinds = (
        layers.GaussianNoise(0.1, name="random"),
        layers.RandomFlip(name="random"),
        keras.Sequential([layers.Dropout(0.1)], name="random"),
        attention,
    )
    for kind in kinds:
        image = keras.Input((8, 8, 3))
        x = layers.Conv2D(2, 3, name="before")(image)
        x = kind(x, x) if kind is attention else kind(x)
        x = layers.Conv2D(2, 3, name="after")(x)
        model = keras.Model(image, layers.Dense(1)(x))
        line = graph.frost_line(model, model.layers[-1].weights)
        assert line is not None
        assert line.name == "before"
