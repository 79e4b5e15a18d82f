"""A class for each pixel: figures and words, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.made import MEANING

from {{ cookiecutter.package }}.results import scores


def test_figures_are_what_they_are_called() -> None:
    targets = np.array([[[[0], [0], [0], [1]]]], "uint8")
    figures = scores.summarise(targets, np.array([[[0, 0, 1, 1]]], "uint8"), MEANING)
    assert figures["iou/ground"] == pytest.approx(2 / 3)
    assert figures["iou/square"] == pytest.approx(1 / 2)
    assert figures[scores.HEADLINE] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert figures["pixel_accuracy"] == pytest.approx(3 / 4)
    assert figures["majority_class"] == pytest.approx(3 / 4 / 2)  # all ground: 3/4 and 0


def test_a_prediction_is_the_share_of_each_class() -> None:
    output = np.array([[[0.9, 0.1], [0.2, 0.8]], [[0.6, 0.4], [0.7, 0.3]]])
    said = scores.describe(scores.keep(output), MEANING)
    assert said == {"ground": 0.75, "square": 0.25}
