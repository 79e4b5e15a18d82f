"""Any of several labels: figures and words, against values made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import ConfigError
from {{ cookiecutter.package }}.examples import Meaning
from {{ cookiecutter.package }}.results import scores

MEANING = Meaning(("sea", "sun"), shares=(0.75, 0.5), thresholds=(0.5, 0.5))
TARGETS = np.array([[1, 1], [1, 0], [0, 0], [1, 1]], "float32")
SCORES = np.array([[0.9, 0.6], [0.4, 0.7], [0.3, 0.2], [0.8, 0.4]], "float32")


def test_figures_of_a_split() -> None:
    assert scores.summarise(TARGETS, SCORES, MEANING) == pytest.approx(
        {
            "mean_average_precision": (1 + (1 / 2 + 2 / 3) / 2) / 2,
            "label_shares": 5 / 8,
            "micro_f1": 2 * 3 / (5 + 4),
            "macro_f1": (0.8 + 0.5) / 2,
            "all_labels_right": 2 / 4,
            "f1/sea": 0.8,
            "f1/sun": 0.5,
        }
    )
    with pytest.raises(ConfigError, match="none of 4 images has a label"):
        scores.summarise(0 * TARGETS, SCORES, MEANING)


def test_ranks_with_ties() -> None:
    assert scores.average_precision(TARGETS[:, 1], np.full(4, 0.5)) == pytest.approx(1 / 2)
    assert np.isnan(scores.average_precision(np.zeros(4), SCORES[:, 0]))


def test_a_prediction_in_words() -> None:
    said = scores.describe(SCORES[0], MEANING)
    assert said == {"labels": "sea;sun", "probability/sea": 0.9, "probability/sun": 0.6}
    assert scores.describe(SCORES[2], MEANING)["labels"] == ""
