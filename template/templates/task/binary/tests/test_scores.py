"""One class or the other: figures and words, against values made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.examples import Meaning
from {{ cookiecutter.package }}.results import scores

MEANING = Meaning(("no", "yes"), shares=(0.75, 0.25), thresholds=(0.5,))
TARGETS = np.array([[0], [0], [1], [1]], "float32")
SCORES = np.array([[0.1], [0.4], [0.35], [0.8]], "float32")


def test_ranks_by_hand() -> None:
    true, outputs = TARGETS[:, 0], SCORES[:, 0]
    assert scores.auc(true, outputs) == pytest.approx(3 / 4)
    assert scores.auc(true, np.full(4, 0.5)) == pytest.approx(1 / 2)
    assert np.isnan(scores.auc(np.zeros(4), outputs))
    assert scores.average_precision(true, outputs) == pytest.approx((1 + 2 / 3) / 2)
    assert scores.average_precision(true, np.full(4, 0.5)) == pytest.approx(1 / 2)


def test_figures_of_a_split() -> None:
    assert scores.summarise(TARGETS, SCORES, MEANING) == pytest.approx(
        {
            "auc": 0.75,
            "average_precision": 5 / 6,
            "accuracy": 0.75,
            "majority_class": 0.5,
            "precision": 1.0,
            "recall": 0.5,
            "f1": 2 / 3,
            "threshold": 0.5,
        }
    )
    with pytest.raises(ConfigError, match="all 2 images are of the class yes"):
        scores.summarise(TARGETS[2:], SCORES[2:], MEANING)


def test_a_prediction_in_words() -> None:
    strict = Meaning(MEANING.names, thresholds=(0.9,))
    output = np.array([0.8], "float32")
    assert scores.describe(output, MEANING) == {"class": "yes", "probability/yes": 0.8}
    assert scores.describe(output, strict) == {"class": "no", "probability/yes": 0.8}
