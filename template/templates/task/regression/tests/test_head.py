"""A new head begins as [head] of config.toml says, and answers in the units of the data."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config, Head
from {{ cookiecutter.package }}.examples import Meaning
from {{ cookiecutter.package }}.model.head import head, pooled

MEANING = Meaning(("width", "angle"), offset=(2.0, 100.0), scale=(1.0, 50.0))


{% include "task/_shared/tests/pooled.py" %}


def test_the_model_speaks_the_units_of_the_data(config: Config) -> None:
    image = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3)(image)
    model = keras.Model(image, head(keras.Model(image, maps), config.head, MEANING))
    numbers = model.get_layer("head_numbers")
    numbers.set_weights([np.zeros((4, 2)), np.array([1.0, -2.0])])
    assert model.predict(np.zeros((1, 8, 8, 3)), verbose=0).tolist() == [[3.0, 0.0]]
    again = keras.models.clone_model(model)
    again.set_weights(model.get_weights())
    assert again.predict(np.zeros((1, 8, 8, 3)), verbose=0).tolist() == [[3.0, 0.0]]
