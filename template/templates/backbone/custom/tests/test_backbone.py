"""A model of one's own becomes one flat model that says what it said, or it is refused."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Backbone, Config, ConfigError
from {{ cookiecutter.package }}.model import backbone


def own(project: Config, file: Path, model: keras.Model | None, **changes: object) -> Backbone:
    """Settings for a model that is saved in the file."""
    if model is not None:
        model.save(file)
    update = {"weights": str(file), "keep_head": False, **changes}
    return project.backbone.model_copy(update=update)


def nested(size: int | None = 16) -> keras.Model:
    """A model within a model, as in the Keras guide, with a head behind it."""
    layers = keras.layers
    image = keras.Input((size, size, 3))
    inner = keras.Sequential([keras.Input((size, size, 3)), layers.Conv2D(4, 3, name="conv")])
    x = layers.Rescaling(1 / 255, name="scale")(image)
    x = layers.Conv2D(5, 3, name="last")(inner(x))
    return keras.Model(image, layers.Dense(2, name="answer")(layers.Flatten()(x)))


@pytest.mark.filterwarnings("ignore:The structure of `inputs`:UserWarning")
def test_a_model_within_the_model_is_laid_out_flat(project: Config, tmp_path: Path) -> None:
    model = nested()
    built = backbone.build(own(project, tmp_path / "own.keras", model, keep_head=True), 16)
    assert {"conv", "last", "answer"} <= {layer.name for layer in built.layers}
    assert not any(isinstance(layer, keras.Model) for layer in built.layers)
    image = np.random.default_rng(0).uniform(0, 255, (2, 16, 16, 3))
    assert np.array_equal(built(image), model(image))


def test_without_its_head_it_ends_in_its_last_feature_maps(project: Config, tmp_path: Path) -> None:
    built = backbone.build(own(project, tmp_path / "own.keras", nested()), 16)
    assert built.output_shape == (None, 12, 12, 5)
    assert built.layers[-1].name == "last"


def test_a_model_that_cannot_be_used_is_a_sentence(project: Config, tmp_path: Path) -> None:
    image, layers = keras.Input((16, 16, 3)), keras.layers
    maps = layers.Conv2D(2, 3)(image)
    calls = keras.Model(image, layers.Lambda(lambda x: x)(maps))
    flat = keras.Sequential([keras.Input((8,)), layers.Dense(2)])
    both = keras.Model(image, [layers.Flatten()(maps), layers.Flatten()(maps)])
    cases = {
        "there is no model file": (None, {}),
        "Python code of its own, such as a Lambda, which is never run": (calls, {}),
        "is not a network from one image to feature maps": (flat, {}),
        "takes images of 12 by 12 pixels; set image_size": (nested(12), {}),
        "has 2 outputs, not one to keep": (both, {"keep_head": True}),
    }
    for number, (message, (model, changes)) in enumerate(cases.items()):
        settings = own(project, tmp_path / f"{number}.keras", model, **changes)
        with pytest.raises(ConfigError, match=message):
            backbone.build(settings, 16)
    (tmp_path / "text.keras").write_text("no model")
    with pytest.raises(ConfigError, match="cannot be loaded as a Keras model"):
        backbone.build(own(project, tmp_path / "text.keras", None), 16)
