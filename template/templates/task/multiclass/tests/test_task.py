"""One of several classes: names, weights and figures, against values worked out by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import task
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item, Meaning
from {{ cookiecutter.package }}.task_settings import Task

ITEMS = [Item(f"{n}.png", (label,)) for n, label in enumerate(["cat", "ant", "cat", "bee"])]
MEANING = Meaning(("ant", "bee", "cat"), shares=(0.25, 0.25, 0.5))


def classes(config: Config, *names: str) -> Config:
    head = config.head.model_copy(update={"classes": names, "outputs": 0})
    return config.model_copy(update={"head": head})


def test_classes_are_numbers_in_the_order_of_their_names(config: Config) -> None:
    names, targets = task.encode(ITEMS, ("label",), classes(config))
    assert names == ("ant", "bee", "cat")
    assert targets.tolist() == [2, 0, 2, 1]
    assert task.learn(names, targets) == MEANING
    names, targets = task.encode(ITEMS, ("label",), classes(config, "cat", "bee", "ant"))
    assert targets.tolist() == [0, 2, 0, 1]


def test_a_class_that_is_not_in_the_list_is_named_with_its_place(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"only in the data: cat \(2, first 0\.png\)"):
        task.encode(ITEMS, ("label",), classes(config, "ant", "bee"))
    with pytest.raises(ConfigError, match=r"labels\.csv, line 9: the class is empty; 1 "):
        task.encode(
            [*ITEMS, Item("5.png", ("",), place="labels.csv, line 9")], ("label",), classes(config)
        )


def test_the_loss_weighs_and_smooths() -> None:
    targets, outputs = np.array([2, 0]), np.array([[0.2, 0.2, 0.6], [0.5, 0.25, 0.25]], "float32")
    plain = np.array([-np.log(0.6), -np.log(0.5)])
    assert losses(Task(), targets, outputs) == pytest.approx(plain, rel=1e-5)
    balanced = losses(Task(class_weights="balanced"), targets, outputs)
    assert balanced == pytest.approx(plain * [2 / 3, 4 / 3], rel=1e-5)
    smooth = -(0.9 * np.log(0.6) + 0.1 * np.log([0.2, 0.2, 0.6]).mean())
    assert losses(Task(label_smoothing=0.1), targets, outputs)[0] == pytest.approx(smooth, rel=1e-5)


def losses(settings: Task, targets: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(task.loss(settings, MEANING)(targets, outputs))


def test_figures_of_a_split() -> None:
    targets = np.array([0, 0, 1, 2])
    outputs = np.eye(3)[[0, 1, 1, 1]]
    assert task.summarise(targets, outputs, MEANING) == pytest.approx(
        {
            "accuracy": 0.5,
            "majority_class": 0.5,
            "macro_f1": (2 / 3 + 0.5 + 0) / 3,
            "recall/ant": 0.5,
            "recall/bee": 1.0,
            "recall/cat": 0.0,
        }
    )
    assert task.describe(np.array([0.1, 0.7, 0.2]), MEANING) == {"class": "bee", "probability": 0.7}
