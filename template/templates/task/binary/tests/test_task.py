"""One class or the other: names, weights, threshold and figures, against values made by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import probabilities, task
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item, Meaning
from {{ cookiecutter.package }}.task_settings import Task

ITEMS = [Item(f"{n}.png", (label,)) for n, label in enumerate(["no", "yes", "no", "no"])]
MEANING = Meaning(("no", "yes"), shares=(0.75, 0.25), thresholds=(0.5,))
TARGETS = np.array([[0], [0], [1], [1]], "float32")
SCORES = np.array([[0.1], [0.4], [0.35], [0.8]], "float32")


def classes(config: Config, *names: str) -> Config:
    head = config.head.model_copy(update={"classes": names, "outputs": 0})
    return config.model_copy(update={"head": head})


def test_the_second_class_is_the_one_to_find(config: Config) -> None:
    names, targets = task.encode(ITEMS, ("label",), classes(config))
    assert names == ("no", "yes")
    assert targets.tolist() == [[0], [1], [0], [0]]
    assert task.learn(names, targets) == Meaning(names, shares=(0.75, 0.25))
    names, targets = task.encode(ITEMS, ("label",), classes(config, "yes", "no"))
    assert targets.tolist() == [[1], [0], [1], [1]]


def test_there_are_two_classes_and_no_others(config: Config) -> None:
    more = [*ITEMS, Item("4.png", ("maybe",))]
    with pytest.raises(ConfigError, match=r"holds 3 classes, .* maybe, no, yes"):
        task.encode(more, ("label",), classes(config))
    with pytest.raises(ConfigError, match=r"only in the data: maybe \(1, first 4\.png\)"):
        task.encode(more, ("label",), classes(config, "no", "yes"))
    with pytest.raises(ConfigError, match="at least 2 classes; found: yes"):
        task.encode(ITEMS[1:2], ("label",), classes(config))


def test_the_loss_weighs_and_smooths() -> None:
    plain = np.array([-np.log(0.9), -np.log(0.6), -np.log(0.35), -np.log(0.8)])
    assert losses(Task()) == pytest.approx(plain, rel=1e-5)
    balanced = losses(Task(class_weights="balanced"))
    assert balanced == pytest.approx(plain * [2 / 3, 2 / 3, 2, 2], rel=1e-5)
    smooth = -(0.95 * np.log(0.8) + 0.05 * np.log(0.2))
    assert losses(Task(label_smoothing=0.1))[3] == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task) -> np.ndarray:
    return keras.ops.convert_to_numpy(task.loss(settings, MEANING)(TARGETS, SCORES))


def test_ranks_by_hand() -> None:
    true, scores = TARGETS[:, 0], SCORES[:, 0]
    assert probabilities.auc(true, scores) == pytest.approx(3 / 4)
    assert probabilities.auc(true, np.full(4, 0.5)) == pytest.approx(1 / 2)
    assert np.isnan(probabilities.auc(np.zeros(4), scores))
    assert probabilities.average_precision(true, scores) == pytest.approx((1 + 2 / 3) / 2)
    assert probabilities.average_precision(true, np.full(4, 0.5)) == pytest.approx(1 / 2)


def test_the_threshold_has_the_best_f1() -> None:
    found = task.decide(Task(), MEANING, TARGETS, lambda: SCORES)
    assert found.thresholds == pytest.approx(((0.35 + 0.1) / 2,))  # F1 0.8; above 0.4 it is 2/3
    wanted = Task(threshold=0.7)
    assert task.decide(wanted, MEANING, TARGETS, lambda: SCORES).thresholds == (0.7,)
    assert probabilities.best_threshold(np.zeros(4), SCORES[:, 0]) == 0.5


def test_figures_of_a_split() -> None:
    assert task.summarise(TARGETS, SCORES, MEANING) == pytest.approx(
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
        task.summarise(TARGETS[2:], SCORES[2:], MEANING)


def test_a_prediction_in_words() -> None:
    strict = Meaning(MEANING.names, thresholds=(0.9,))
    output = np.array([0.8], "float32")
    assert task.describe(output, MEANING) == {"class": "yes", "probability/yes": 0.8}
    assert task.describe(output, strict) == {"class": "no", "probability/yes": 0.8}
