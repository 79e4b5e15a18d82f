"""Numbers: what is refused as one, and what is learnt of them, against values made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import targets
from {{ cookiecutter.package }}.examples import Item

ITEMS = [Item(f"{n}.png", cells) for n, cells in enumerate([("1", "10"), ("2", "30"), ("6", "-1")])]


{% include "task/_shared/tests/classes.py" %}


def test_targets_are_the_columns(config: Config) -> None:
    names, numbers = targets.encode(ITEMS, ("width", "angle"), classes(config))
    assert names == ("width", "angle")
    assert numbers.tolist() == [[1, 10], [2, 30], [6, -1]]
    meaning = targets.learn(names, numbers)
    assert meaning.offset == pytest.approx((3, 13))
    assert meaning.scale == pytest.approx((np.std([1, 2, 6]), np.std([10, 30, -1])))
    names, numbers = targets.encode(ITEMS, ("width", "angle"), classes(config, "angle"))
    assert names == ("angle",)
    assert numbers.tolist() == [[10], [30], [-1]]
    with pytest.raises(ConfigError, match="no column weight; it has width, angle"):
        targets.encode(ITEMS, ("width", "angle"), classes(config, "weight"))


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e39", "", "3,5", "1_0", "six"])
def test_what_is_no_number_is_named_with_its_place(text: str, config: Config) -> None:
    bad = Item("3.png", ("1", text), place="labels.csv, line 5")
    with pytest.raises(ConfigError) as problem:
        targets.encode([*ITEMS, bad, bad], ("width", "angle"), classes(config))
    sentence = f"labels.csv, line 5: angle is '{text}', which is not a number to learn; 1 more"
    assert sentence in str(problem.value)


def test_a_target_that_never_varies_is_refused() -> None:
    with pytest.raises(ConfigError, match="angle is 7 for all training images"):
        targets.learn(("angle",), np.full((3, 1), 7, "float32"))
