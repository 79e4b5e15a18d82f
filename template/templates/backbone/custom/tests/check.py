"""A scaling that config.toml names is compared with what the weights were trained on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.scalings import body_of, colours, network_of, settings

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.kits.check_data import scaling


def test_a_configured_scaling_is_checked(
    config: Config,
    divided: Callable[..., Splits],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scaling, "pictures", lambda *_: colours())
    splits, file = divided(), tmp_path / "own.h5"
    body_of("tf").save(file)
    for accepted in (
        {"preprocessing": "tf"},
        {"preprocessing": "auto"},
        {"preprocessing": "inside", "check_scaling": False},
    ):
        scaling.check_scaling(settings(config, file, **accepted), splits)
    with pytest.raises(ConfigError, match=r"scaled as 'inside', and its weights .*'tf'"):
        scaling.check_scaling(settings(config, file, preprocessing="inside"), splits)


def test_training_goes_on_as_if_nothing_had_been_checked(
    config: Config, divided: Callable[..., Splits], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process alone may check: what it draws at random later is what others draw."""
    backbone = config.backbone.model_copy(update={"preprocessing": "inside"})
    config = config.model_copy(update={"backbone": backbone})
    splits, drawn = divided(), []
    monkeypatch.setattr(scaling, "pictures", lambda *_: colours())
    monkeypatch.setattr(scaling, "build", lambda *_: network_of(body_of("inside"), config))
    for checked in (False, True):
        keras.utils.set_random_seed(3)
        if checked:
            scaling.check_scaling(config, splits)
        drawn.append(np.array(keras.layers.Dense(2)(np.ones((1, 4)))))
    np.testing.assert_array_equal(*drawn)
