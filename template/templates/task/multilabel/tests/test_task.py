"""Any of several labels: names, weights, thresholds and figures, against values made by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import probabilities, task
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item, Meaning
from {{ cookiecutter.package }}.task_settings import Task

LISTED = [Item(f"{n}.png", (cell,)) for n, cell in enumerate(["sun;sea", "sea", "", "sea; sun"])]
FLAGS = [Item(f"{n}.png", flags) for n, flags in enumerate([("1", "1"), ("0", "1"), ("0", "0")])]
MEANING = Meaning(("sea", "sun"), shares=(0.75, 0.5), thresholds=(0.5, 0.5))
TARGETS = np.array([[1, 1], [1, 0], [0, 0], [1, 1]], "float32")
SCORES = np.array([[0.9, 0.6], [0.4, 0.7], [0.3, 0.2], [0.8, 0.4]], "float32")


def classes(config: Config, *names: str) -> Config:
    head = config.head.model_copy(update={"classes": names, "outputs": 0})
    return config.model_copy(update={"head": head})


def test_labels_in_one_cell(config: Config) -> None:
    names, targets = task.encode(LISTED, ("label",), classes(config))
    assert names == ("sea", "sun")
    assert targets.tolist() == TARGETS.tolist()
    assert task.learn(names, targets) == Meaning(names, shares=(0.75, 0.5))
    names, targets = task.encode(LISTED, ("label",), classes(config, "sun", "sea"))
    assert targets.tolist() == TARGETS[:, ::-1].tolist()


def test_a_column_for_each_label(config: Config) -> None:
    names, targets = task.encode(FLAGS, ("sun", "sea"), classes(config))
    assert names == ("sea", "sun")
    assert targets.tolist() == TARGETS[:3].tolist()
    bad = Item("3.png", ("1", "x"), place="labels.csv, line 5")
    with pytest.raises(ConfigError, match=r"labels\.csv, line 5: sea is 'x', and a label is 0 or"):
        task.encode([*FLAGS, bad], ("sun", "sea"), classes(config))


def test_a_label_that_is_not_in_the_list_is_named_with_its_place(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"only in the data: sun \(2, first 0\.png\)"):
        task.encode(LISTED, ("label",), classes(config, "sea"))


def test_the_loss_weighs_and_smooths() -> None:
    chance = np.where(TARGETS > 0, SCORES, 1 - SCORES)
    plain = -np.log(chance)
    assert losses(Task()) == pytest.approx(plain.mean(axis=1), rel=1e-5)
    weights = np.where(TARGETS > 0, [2 / 3, 1], [2, 1])
    balanced = losses(Task(class_weights="balanced"))
    assert balanced == pytest.approx((plain * weights).mean(axis=1), rel=1e-5)
    smooth = -(0.95 * np.log(chance) + 0.05 * np.log(1 - chance)).mean(axis=1)
    assert losses(Task(label_smoothing=0.1)) == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task) -> np.ndarray:
    return keras.ops.convert_to_numpy(task.loss(settings, MEANING)(TARGETS, SCORES))


def test_each_label_has_its_threshold() -> None:
    found = task.decide(Task(), MEANING, TARGETS, lambda: SCORES)
    assert found.thresholds == pytest.approx((0.35, 0.3))  # F1: 1 for sea, 0.8 for sun
    fixed = task.decide(Task(threshold=0.7), MEANING, TARGETS, lambda: SCORES)
    assert fixed.thresholds == (0.7, 0.7)


def test_figures_of_a_split() -> None:
    assert task.summarise(TARGETS, SCORES, MEANING) == pytest.approx(
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
        task.summarise(0 * TARGETS, SCORES, MEANING)


def test_ranks_with_ties() -> None:
    assert probabilities.average_precision(TARGETS[:, 1], np.full(4, 0.5)) == pytest.approx(1 / 2)
    assert np.isnan(probabilities.average_precision(np.zeros(4), SCORES[:, 0]))


def test_a_prediction_in_words() -> None:
    said = task.describe(SCORES[0], MEANING)
    assert said == {"labels": "sea;sun", "probability/sea": 0.9, "probability/sun": 0.6}
    assert task.describe(SCORES[2], MEANING)["labels"] == ""
