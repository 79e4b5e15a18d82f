"""Any of several labels: names and numbers, against values made by hand."""

from __future__ import annotations

import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import targets
from {{ cookiecutter.package }}.examples import Item, Meaning

LISTED = [Item(f"{n}.png", (cell,)) for n, cell in enumerate(["sun;sea", "sea", "", "sea; sun"])]
FLAGS = [Item(f"{n}.png", flags) for n, flags in enumerate([("1", "1"), ("0", "1"), ("0", "0")])]
NUMBERS = [[1, 1], [1, 0], [0, 0], [1, 1]]


{% include "task/_shared/tests/classes.py" %}


def test_labels_in_one_cell(config: Config) -> None:
    names, numbers = targets.encode(LISTED, ("label",), classes(config))
    assert names == ("sea", "sun")
    assert numbers.tolist() == NUMBERS
    assert targets.learn(names, numbers) == Meaning(names, shares=(0.75, 0.5))
    names, numbers = targets.encode(LISTED, ("label",), classes(config, "sun", "sea"))
    assert numbers.tolist() == [row[::-1] for row in NUMBERS]


def test_a_column_for_each_label(config: Config) -> None:
    names, numbers = targets.encode(FLAGS, ("sun", "sea"), classes(config))
    assert names == ("sea", "sun")
    assert numbers.tolist() == NUMBERS[:3]
    bad = Item("3.png", ("1", "x"), place="labels.csv, line 5")
    with pytest.raises(ConfigError, match=r"labels\.csv, line 5: sea is 'x', and a label is 0 or"):
        targets.encode([*FLAGS, bad], ("sun", "sea"), classes(config))


def test_a_label_that_is_not_in_the_list_is_named_with_its_place(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"only in the data: sun \(2, first 0\.png\)"):
        targets.encode(LISTED, ("label",), classes(config, "sea"))
    with pytest.raises(ConfigError, match=r"outputs = 7 .* holds 2 classes"):
        targets.encode(LISTED, ("label",), classes(config, outputs=7))


def test_a_column_of_true_and_false_is_one_label(config: Config) -> None:
    items = [Item("a.png", ("True",)), Item("b.png", ("FALSE",))]
    names, numbers = targets.encode(items, ("wet",), classes(config))
    assert names == ("wet",)
    assert numbers.tolist() == [[1], [0]]
