"""Numbers: what is refused as one, units in and out, and figures, against values made by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import task
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item, Meaning
from {{ cookiecutter.package }}.task_settings import Task

ITEMS = [Item(f"{n}.png", cells) for n, cells in enumerate([("1", "10"), ("2", "30"), ("6", "-1")])]
MEANING = Meaning(("width", "angle"), offset=(2.0, 100.0), scale=(1.0, 50.0))
TARGETS = np.array([[1, 100], [3, 200]], "float32")
OUTPUTS = np.array([[2, 100], [3, 150]], "float32")


def classes(config: Config, *names: str) -> Config:
    head = config.head.model_copy(update={"classes": names, "outputs": 0})
    return config.model_copy(update={"head": head})


def test_targets_are_the_columns(config: Config) -> None:
    names, targets = task.encode(ITEMS, ("width", "angle"), classes(config))
    assert names == ("width", "angle")
    assert targets.tolist() == [[1, 10], [2, 30], [6, -1]]
    meaning = task.learn(names, targets)
    assert meaning.offset == pytest.approx((3, 13))
    assert meaning.scale == pytest.approx((np.std([1, 2, 6]), np.std([10, 30, -1])))
    names, targets = task.encode(ITEMS, ("width", "angle"), classes(config, "angle"))
    assert names == ("angle",)
    assert targets.tolist() == [[10], [30], [-1]]
    with pytest.raises(ConfigError, match="no column weight; it has width, angle"):
        task.encode(ITEMS, ("width", "angle"), classes(config, "weight"))


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e39", "", "3,5", "1_0", "six"])
def test_what_is_no_number_is_named_with_its_place(text: str, config: Config) -> None:
    bad = Item("3.png", ("1", text), place="labels.csv, line 5")
    with pytest.raises(ConfigError) as problem:
        task.encode([*ITEMS, bad, bad], ("width", "angle"), classes(config))
    sentence = f"labels.csv, line 5: angle is '{text}', which is not a number to learn; 1 more"
    assert sentence in str(problem.value)


def test_a_target_that_never_varies_is_refused() -> None:
    with pytest.raises(ConfigError, match="angle is 7 for all training images"):
        task.learn(("angle",), np.full((3, 1), 7, "float32"))


def test_the_model_speaks_the_units_of_the_data(config: Config) -> None:
    image = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3)(image)
    model = keras.Model(image, task.head(keras.Model(image, maps), config.head, MEANING))
    numbers = model.get_layer("head_numbers")
    numbers.set_weights([np.zeros((4, 2)), np.array([1.0, -2.0])])
    assert model.predict(np.zeros((1, 8, 8, 3)), verbose=0).tolist() == [[3.0, 0.0]]
    again = keras.models.clone_model(model)
    again.set_weights(model.get_weights())
    assert again.predict(np.zeros((1, 8, 8, 3)), verbose=0).tolist() == [[3.0, 0.0]]


def test_the_loss_counts_standard_deviations() -> None:
    assert losses(Task()) == pytest.approx([(1 + 0) / 2, (0 + 1) / 2])
    assert losses(Task(loss="mae"), 3 * OUTPUTS - 2 * TARGETS) == pytest.approx([1.5, 1.5])
    assert losses(Task(loss="huber"), 3 * OUTPUTS - 2 * TARGETS) == pytest.approx([1.25, 1.25])


def losses(settings: Task, outputs: np.ndarray = OUTPUTS) -> np.ndarray:
    return keras.ops.convert_to_numpy(task.loss(settings, MEANING)(TARGETS, outputs))


def test_figures_of_a_split() -> None:
    assert task.summarise(TARGETS, OUTPUTS, MEANING) == pytest.approx(
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
        task.summarise(TARGETS[:1], OUTPUTS[:1], MEANING)
    assert task.decide(Task(), MEANING, TARGETS, lambda: OUTPUTS) == MEANING
    assert task.describe(OUTPUTS[1], MEANING) == {"width": 3.0, "angle": 150.0}
