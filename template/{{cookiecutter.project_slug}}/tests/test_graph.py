"""Cuts of the layer graph, the frost line among them, and the blocks found by them."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import graph
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.freezing import Freezer
from {{ cookiecutter.package }}.model import Network


def test_no_cut_falls_inside_a_branch(network: Network) -> None:
    names = [cut.name for cut in graph.cut_points(network.model)]
    second = list(dict.fromkeys(leaf.block for leaf in network.leaves))[1]
    assert f"{second}_add" in names
    assert not {f"{second}_conv", f"{second}_bn", f"{second}_relu"} & set(names)


def test_a_split_model_says_what_the_whole_says(network: Network) -> None:
    image = np.random.default_rng(0).uniform(0, 255, (2, *network.model.input_shape[1:]))
    whole = network.model(image)
    for cut in graph.cut_points(network.model)[:-1]:
        before, after = graph.split(network.model, cut)
        assert np.array_equal(after(before(image)), whole)


def test_nothing_before_the_frost_line_changes(network: Network, config: Config) -> None:
    freezer = Freezer(network, config.backbone.batch_norm)
    for stage in config.stage:
        frost = freezer.freeze(stage)
        line = graph.frost_line(network.model, frost.moving)
        moving = {id(variable) for variable in frost.moving}
        if line:
            assert not any(id(w) in moving for layer in line.layers for w in layer.weights)
            assert not any(graph.is_random(layer) for layer in line.layers)
    last = freezer.freeze(config.stage[0].model_copy(update={"train": ("block:-1",)}))
    blocks = list(dict.fromkeys(leaf.block for leaf in network.leaves))
    line = graph.frost_line(network.model, last.trainable)
    assert line is not None
    assert line.name.startswith(blocks[-2])


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


def test_found_blocks_begin_where_the_resolution_changes() -> None:
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(4, 3, padding="same"),
            layers.MaxPooling2D(),
            layers.Conv2D(4, 3, padding="same"),
            layers.Conv2D(4, 3, strides=2, padding="same"),
            layers.ReLU(),
        ]
    )
    functional = keras.Model(network.inputs, network.outputs)
    assert graph.find_blocks(functional) == {"block1": 0, "block2": 2, "block3": 4}


def test_the_last_maps_may_come_from_a_model_within_the_model() -> None:
    """As in the Keras guide; what that model calls its output is not what it gives here."""
    layers = keras.layers
    given = keras.Input((16, 16, 3))
    inner = keras.Model(given, layers.Conv2D(4, 3, name="conv")(given))
    image = keras.Input((16, 16, 3))
    outer = keras.Model(image, layers.GlobalAveragePooling2D()(inner(layers.ReLU()(image))))
    found = graph.last_maps(outer)
    assert found is not None
    assert found[0] is inner
    assert keras.Model(outer.input, found[1]).output_shape == (None, 14, 14, 4)


def test_two_weights_of_one_name_are_refused() -> None:
    """A rate, or a held filter, for the one would be for both."""

    def part(name: str) -> keras.Model:
        image = keras.Input((None, None, 3))
        return keras.Model(image, keras.layers.Conv2D(3, 3, name="conv")(image), name=name)

    image = keras.Input((16, 16, 3))
    model = keras.Model(image, part("second")(part("first")(image)))
    twice = Network("own", model, (), (), ())
    with pytest.raises(ConfigError, match="two weights of own are called"):
        Freezer(twice, "frozen")
