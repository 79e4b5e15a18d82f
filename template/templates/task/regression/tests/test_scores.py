"""Numbers: figures, against values made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.examples import Meaning
from {{ cookiecutter.package }}.results import scores

MEANING = Meaning(("width", "angle"), offset=(2.0, 100.0), scale=(1.0, 50.0))
TARGETS = np.array([[1, 100], [3, 200]], "float32")
OUTPUTS = np.array([[2, 100], [3, 150]], "float32")


def test_figures_of_a_split() -> None:
    assert scores.summarise(TARGETS, OUTPUTS, MEANING) == pytest.approx(
        {
            "r2": ((1 - 1 / 2) + (1 - 2500 / 5000)) / 2,
            "mae/width": 0.5,
            "mae_of_mean/width": 1.0,
            "rmse/width": np.sqrt(0.5),
            "mae/angle": 25.0,
            "mae_of_mean/angle": 50.0,
            "rmse/angle": np.sqrt(1250),
        }
    )
    with pytest.raises(ConfigError, match="all 1 images are the same"):
        scores.summarise(TARGETS[:1], OUTPUTS[:1], MEANING)


def test_a_prediction_in_its_units() -> None:
    assert scores.describe(OUTPUTS[1], MEANING) == {"width": 3.0, "angle": 150.0}
