"""The layers that can be frozen: leaves in their order, each in its block, under a stable name."""

from __future__ import annotations

import keras
import pytest
from helpers.made import MEANING
from helpers.small import small_backbone

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.freezing.layers import by_block, freezable
from {{ cookiecutter.package }}.model.network import Network, attach_head


def test_every_layer_of_the_backbone_is_there_in_its_block(network: Network) -> None:
    found = freezable(network)
    assert tuple(one.layer for one in found) == network.backbone
    assert [one.leaf.position for one in found] == list(range(len(found)))
    blocks = {one.leaf.name: one.leaf.block for one in found}
    for block in network.blocks:
        assert {blocks[f"{block}_{part}"] for part in ("conv", "bn", "relu", "drop")} == {block}
    assert list(by_block(found)) == list(network.blocks)
    assert [layer for of in by_block(found).values() for layer in of] == list(network.backbone)


def test_a_name_that_keras_numbers_is_none() -> None:
    image = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(2, 1)(keras.layers.Conv2D(2, 1, name="mine")(image))
    model = keras.Model(image, x)
    own = Network("own", model, tuple(model.layers), (), {"a": 0})
    leaves = [one.leaf for one in freezable(own)]
    assert [leaf.name for leaf in leaves] == [None, "mine", None]
    assert [leaf.kind for leaf in leaves] == ["InputLayer", "Conv2D", "Conv2D"]


def test_a_layer_within_others_is_a_leaf_at_the_position_of_the_outermost() -> None:
    """What is frozen is the leaf: Keras skips a flag that a container already has."""
    layers = keras.layers
    inner = keras.Sequential([layers.Conv2D(3, 1, name="deep")], name="inner")
    outer = keras.Sequential([inner, layers.ReLU(name="last")], name="outer")
    image = keras.Input((8, 8, 3))
    model = keras.Model(image, layers.Conv2D(2, 1, name="after")(outer(image)))
    found = freezable(Network("own", model, tuple(model.layers), (), {"a": 0, "b": "after"}))
    assert [(x.leaf.position, x.leaf.name, x.leaf.owner, x.leaf.block) for x in found[1:]] == [
        (1, "deep", "outer", "a"),
        (1, "last", "outer", "a"),
        (2, "after", None, "b"),
    ]


def test_a_block_that_starts_nowhere_is_named(config: Config) -> None:
    body = small_backbone(["one", "two"])
    for blocks in ({"stem": 0, "more": "no_such_layer"}, {"stem": 0, "more": 0}, {"stem": 1}):
        settings = config.backbone.model_copy(update={"blocks": blocks})
        network = attach_head(body, config.model_copy(update={"backbone": settings}), MEANING)
        with pytest.raises(ConfigError, match=r"\[backbone\.blocks\]"):
            freezable(network)


def test_every_block_of_the_real_backbone_holds_weights(real: Network) -> None:
    for block, layers in by_block(freezable(real)).items():
        assert any(layer.weights for layer in layers), block
