"""One class or the other: names and numbers, against values made by hand."""

from __future__ import annotations

import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import targets
from {{ cookiecutter.package }}.examples import Item, Meaning

ITEMS = [Item(f"{n}.png", (label,)) for n, label in enumerate(["no", "yes", "no", "no"])]


{% include "task/_shared/tests/classes.py" %}


def test_the_second_class_is_the_one_to_find(config: Config) -> None:
    names, numbers = targets.encode(ITEMS, ("label",), classes(config))
    assert names == ("no", "yes")
    assert numbers.tolist() == [[0], [1], [0], [0]]
    assert targets.learn(names, numbers) == Meaning(names, shares=(0.75, 0.25))
    names, numbers = targets.encode(ITEMS, ("label",), classes(config, "yes", "no"))
    assert numbers.tolist() == [[1], [0], [1], [1]]


def test_there_are_two_classes_and_no_others(config: Config) -> None:
    more = [*ITEMS, Item("4.png", ("maybe",))]
    with pytest.raises(ConfigError, match=r"holds 3 classes, .* maybe, no, yes"):
        targets.encode(more, ("label",), classes(config))
    with pytest.raises(ConfigError, match=r"only in the data: maybe \(1, first 4\.png\)"):
        targets.encode(more, ("label",), classes(config, "no", "yes"))
    with pytest.raises(ConfigError, match="at least 2 classes; found: yes"):
        targets.encode(ITEMS[1:2], ("label",), classes(config))
    with pytest.raises(ConfigError, match=r"outputs = 7 .* holds 2 classes"):
        targets.encode(ITEMS, ("label",), classes(config, outputs=7))
