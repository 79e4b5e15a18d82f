"""A new head begins as [head] of config.toml says."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from helpers.made import MEANING

from {{ cookiecutter.package }}.config import Config, Head
from {{ cookiecutter.package }}.model.head import head, pooled


{% include "task/_shared/tests/pooled.py" %}


def test_the_last_layer_gives_a_probability_for_each_answer(config: Config) -> None:
    maps = keras.Input((2, 2, 3))
    network = keras.Model(maps, keras.layers.Conv2D(4, 1)(maps))
    model = keras.Model(maps, head(network, config.head, MEANING))
    outputs = model.predict(np.random.default_rng(0).normal(size=(5, 2, 2, 3)), verbose=0)
    assert outputs.dtype == "float32"
    assert outputs.min() >= 0
    assert outputs.max() <= 1
