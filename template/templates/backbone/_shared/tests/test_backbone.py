"""Preprocessing happens once, inside the model, and is the one the backbone was trained with."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.small import small_network_of

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.model import backbone
from {{ cookiecutter.package }}.model.backbone import preprocess

{% include "backbone/_preprocessing/tests/" ~ ("inside" if cookiecutter._backbones[cookiecutter.backbone].preprocessing == "inside" else "outside") ~ ".py" %}


@pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning")
def test_weights_that_are_not_there_or_not_its_own_are_a_sentence(tmp_path: Path) -> None:
    image = keras.Input((8, 8, 3))
    network = keras.Model(image, keras.layers.Conv2D(2, 3)(image))
    with pytest.raises(ConfigError, match=r"there is no weights file .*nowhere\.weights\.h5"):
        backbone.load_file(network, str(tmp_path / "nowhere.weights.h5"))
    other = keras.Model(image, keras.layers.Conv2D(3, 3)(image))
    other.save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(ConfigError, match="does not hold weights for this backbone"):
        backbone.load_file(network, str(tmp_path / "other.weights.h5"))


@pytest.mark.parametrize("allowed", [False, True])
def test_weights_of_none_are_random_unless_it_is_meant(allowed: bool, config: Config) -> None:
    backbone = config.backbone.model_copy(update={"weights": "none", "allow_random": allowed})
    assert small_network_of(config.model_copy(update={"backbone": backbone})).random is not allowed
