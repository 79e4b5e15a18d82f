"""The backbone and the head are one flat model, the small one as well as the project's own."""

from __future__ import annotations

import keras
from helpers.made import MEANING
from helpers.small import small_backbone

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.model.network import Network, attach_head


def test_backbone_and_head_are_one_flat_model(real: Network) -> None:
    layers = [inner for layer in real.backbone for inner in layer._flatten_layers()]
    weights = {id(weight) for layer in (*layers, *real.head) for weight in layer.weights}
    assert {id(weight) for weight in real.model.weights} == weights
    assert set(real.head) <= set(real.model.layers)
    assert set(real.backbone) <= set(real.model.layers)


def test_a_new_head_is_what_the_backbone_has_not(config: Config) -> None:
    body = small_backbone(["one", "two"])
    network = attach_head(body, config, MEANING)
    assert network.name == config.backbone.name
    assert network.model.input is body.input
    assert network.head == tuple(x for x in network.model.layers if x not in body.layers)
    assert all(layer.name.startswith("head") for layer in network.head)
    assert any(layer.weights for layer in network.head)


def test_preprocessing_is_part_of_the_model_and_not_of_the_backbone(network: Network) -> None:
    """So selectors never mean it, and positions are those of the network as Keras lists it."""
    scale = network.model.get_layer("preprocess_scale")
    assert scale not in network.backbone
    assert isinstance(network.backbone[0], keras.layers.InputLayer)
