"""One of several classes: figures and words, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from {{ cookiecutter.package }}.examples import Meaning
from {{ cookiecutter.package }}.results import scores

MEANING = Meaning(("ant", "bee", "cat"), shares=(0.25, 0.25, 0.5))


def test_figures_of_a_split() -> None:
    targets = np.array([0, 0, 1, 2])
    outputs = np.eye(3)[[0, 1, 1, 1]]
    assert scores.summarise(targets, outputs, MEANING) == pytest.approx(
        {
            "accuracy": 0.5,
            "majority_class": 0.5,
            "macro_f1": (2 / 3 + 0.5 + 0) / 3,
            "recall/ant": 0.5,
            "recall/bee": 1.0,
            "recall/cat": 0.0,
        }
    )


def test_of_many_classes_the_best_five_count() -> None:
    targets = np.array([0, 1])
    outputs = np.array([[0, 0.1, 0.2, 0.3, 0.15, 0.25], [0.5, 0, 0.1, 0.1, 0.2, 0.1]])
    outputs[1, 1] = 0.3
    figures = scores.summarise(targets, outputs, Meaning(tuple("abcdef")))
    assert figures["accuracy"] == 0
    assert figures["top_5_accuracy"] == 0.5


def test_a_prediction_in_words() -> None:
    said = scores.describe(np.array([0.1, 0.7, 0.2]), MEANING)
    assert said == {"class": "bee", "probability": 0.7}
