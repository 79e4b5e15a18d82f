"""The decoder takes up what the backbone saw, and ends at the size of the image."""

from __future__ import annotations

import keras
import pytest
from helpers.made import MEANING

from {{ cookiecutter.package }}.config import ConfigError, Head
from {{ cookiecutter.package }}.model.head import head, taps


@pytest.mark.parametrize("size", [64, 75])
def test_the_decoder_joins_the_last_maps_of_each_resolution(size: int) -> None:
    x = image = keras.Input((size, size, 3))
    for number in range(1, 5):
        x = keras.layers.Conv2D(8, 3, strides=2, padding="same", name=f"conv{number}")(x)
        x = keras.layers.ReLU(name=f"relu{number}")(x)
        x = keras.layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"pad{number}")(x)
    network = keras.Model(image, keras.layers.Conv2D(8, 2, name="last")(x))
    names = [tap._keras_history.operation.name for tap in taps(network)]
    assert names == ["relu3", "relu2", "relu1"]
    model = keras.Model(image, head(network, Head(hidden=(6, 4)), MEANING))
    assert model.output_shape == (None, size, size, len(MEANING.names))
    largest = network.get_layer("relu1").output.shape[1]
    assert model.get_layer("head_probabilities").output.shape[1] == largest
    assert model.get_layer("head_conv_1").filters == 6
    assert {model.get_layer(f"head_conv_{step}").filters for step in (2, 3)} == {4}


def test_a_backbone_for_images_of_any_size_is_a_sentence() -> None:
    image = keras.Input((None, None, 3))
    network = keras.Model(image, keras.layers.Conv2D(4, 3)(image))
    with pytest.raises(ConfigError, match="takes any by any pixels"):
        head(network, Head(), MEANING)
