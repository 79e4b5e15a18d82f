"""Pixels that are scaled unlike in pretraining are found by what the first BatchNorm stored."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import pytest
from helpers.made import MEANING, SIZE

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.kits.check_data import scaling
from {{ cookiecutter.package }}.model.network import Network, attach_head


{% include "backbone/_shared/tests/scalings.py" %}


{% include "backbone/_shared/tests/scaling.py" %}


def test_weights_for_another_scaling_stop_the_training(
    config: Config, divided: Callable[..., Splits], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bodies here scale nothing: what was trained on pixels as they come is right for them."""
    splits = divided()
    monkeypatch.setattr(scaling, "pictures", lambda *_: colours())
    monkeypatch.setattr(scaling, "WANTED", "inside")
    right, wrong = (network_of(body_of(name), config) for name in ("inside", "unit"))
    monkeypatch.setattr(scaling, "build", lambda *_: right)
    scaling.check_scaling(config, splits)
    scaling.check({}, "net", "tf", "")  # where nothing can be told
    monkeypatch.setattr(scaling, "build", lambda *_: wrong)
    with pytest.raises(ConfigError, match=r"scaled as 'inside', and its weights were .*'unit'"):
        scaling.check_scaling(config, splits)
    unchecked = config.backbone.model_copy(update={"check_scaling": False})
    scaling.check_scaling(config.model_copy(update={"backbone": unchecked}), splits)


def test_pictures_are_taken_evenly(config: Config, divided: Callable[..., Splits]) -> None:
    found = scaling.pictures(divided().train, config.data, 5)
    assert found.shape == (5, SIZE, SIZE, 3)
    assert len({image.tobytes() for image in found}) == 5


def test_training_goes_on_as_if_nothing_had_been_checked(
    config: Config, divided: Callable[..., Splits], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process alone may check: what it draws at random later is what others draw."""
    splits, drawn = divided(), []
    monkeypatch.setattr(scaling, "build", lambda *_: network_of(body_of(scaling.WANTED), config))
    for checked in (False, True):
        keras.utils.set_random_seed(3)
        if checked:
            scaling.check_scaling(config, splits)
        drawn.append(np.array(keras.layers.Dense(2)(np.ones((1, 4)))))
    np.testing.assert_array_equal(*drawn)
