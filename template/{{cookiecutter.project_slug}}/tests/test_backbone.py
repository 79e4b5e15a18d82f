"""The real backbone, looked at but not trained: it needs no download and little time."""

from __future__ import annotations

import keras
import pytest
from made import MEANING

from {{ cookiecutter.package }} import model
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.filters import held_filters, norms_after
from {{ cookiecutter.package }}.freezing import Freezer
from {{ cookiecutter.package }}.graph import last_maps
from {{ cookiecutter.package }}.selectors import select

NEVER = {"moving_mean", "moving_variance", "mean", "variance", "count"}  # not for the optimizer


@pytest.fixture(scope="module")
def real(project: Config) -> model.Network:
    """The backbone of config.toml; one that Keras has gets random weights instead of a download."""
    own = project.backbone.name == "custom"
    settings = project.backbone if own else project.backbone.model_copy(update={"weights": "none"})
    return model.build(project.model_copy(update={"backbone": settings}), MEANING)


def test_every_stage_of_the_schedule_fits_the_backbone(
    real: model.Network, project: Config
) -> None:
    freezer = Freezer(real, project.backbone.batch_norm)
    for stage in project.stage:
        frost = freezer.freeze(stage)
        expected = {id(weight) for layer in real.head for weight in layer.weights}
        still = norms_after(real, held_filters(real, stage.keep_filters))
        for layer, train in zip(
            real.layers, select(real.leaves, stage.train, real.name), strict=True
        ):
            batch_norm = isinstance(layer, keras.layers.BatchNormalization)
            learns = not batch_norm or project.backbone.batch_norm == "train"
            if train and learns and id(layer) not in still:
                expected |= {id(w) for w in layer.weights if w.name not in NEVER}
        assert {id(weight) for weight in real.model.trainable_weights} == expected, stage.name
        assert {id(weight) for weight in frost.trainable} == expected, stage.name


def test_held_filters_are_those_of_the_schedule(real: model.Network, project: Config) -> None:
    for stage in project.stage:
        held = held_filters(real, stage.keep_filters)
        assert bool(held) == bool(stage.keep_filters)
        assert all(any(mask) for mask in held.values())


def test_every_block_holds_weights(real: model.Network) -> None:
    blocks = dict.fromkeys(leaf.block for leaf in real.leaves)
    for block in blocks:
        layers = zip(real.leaves, real.layers, strict=True)
        assert any(layer.weights for leaf, layer in layers if leaf.block == block), block


def test_backbone_and_head_are_one_flat_model(real: model.Network) -> None:
    weights = {id(weight) for layer in (*real.layers, *real.head) for weight in layer.weights}
    assert {id(weight) for weight in real.model.weights} == weights
    assert set(real.head) <= set(real.model.layers)
    assert all(real.model.get_layer(layer.name) for layer in real.head)


def test_a_block_that_starts_nowhere_is_named(project: Config, real: model.Network) -> None:
    body = keras.Model(real.model.input, last_maps(real.model)[1])
    for blocks in ({"stem": 0, "more": "no_such_layer"}, {"stem": 0, "more": 0}, {"stem": 1}):
        settings = project.backbone.model_copy(update={"blocks": blocks})
        with pytest.raises(ConfigError, match=r"\[backbone\.blocks\]"):
            model.attach_head(body, project.model_copy(update={"backbone": settings}), MEANING)
