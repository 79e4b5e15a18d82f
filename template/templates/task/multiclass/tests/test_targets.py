"""One of several classes: names and numbers, against values worked out by hand."""

from __future__ import annotations

import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import targets
from {{ cookiecutter.package }}.examples import Item, Meaning

ITEMS = [Item(f"{n}.png", (label,)) for n, label in enumerate(["cat", "ant", "cat", "bee"])]


{% include "task/_shared/tests/classes.py" %}


def test_classes_are_numbers_in_the_order_of_their_names(config: Config) -> None:
    names, numbers = targets.encode(ITEMS, ("label",), classes(config))
    assert names == ("ant", "bee", "cat")
    assert numbers.tolist() == [2, 0, 2, 1]
    assert targets.learn(names, numbers) == Meaning(names, shares=(0.25, 0.25, 0.5))
    names, numbers = targets.encode(ITEMS, ("label",), classes(config, "cat", "bee", "ant"))
    assert numbers.tolist() == [0, 2, 0, 1]


def test_names_that_are_numbers_come_in_their_order(config: Config) -> None:
    items = [Item("1.png", (label,)) for label in ("10", "9", "b", "a")]
    assert targets.encode(items, ("label",), classes(config))[0] == ("9", "10", "a", "b")


def test_a_class_that_is_not_in_the_list_is_named_with_its_place(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"only in the data: cat \(2, first 0\.png\)"):
        targets.encode(ITEMS, ("label",), classes(config, "ant", "bee"))
    with pytest.raises(ConfigError, match=r"labels\.csv, line 9: the class is empty; 1 "):
        targets.encode(
            [*ITEMS, Item("5.png", ("",), place="labels.csv, line 9")], ("label",), classes(config)
        )


def test_config_and_data_must_agree_on_how_many_there_are(config: Config) -> None:
    with pytest.raises(ConfigError, match="at least 2 classes; found: cat"):
        targets.encode(ITEMS[:1], ("label",), classes(config))
    with pytest.raises(ConfigError, match=r"outputs = 7 .* holds 3 classes"):
        targets.encode(ITEMS, ("label",), classes(config, outputs=7))


def test_an_image_has_one_class(config: Config) -> None:
    items = [*ITEMS, Item("9.png", ("cat", "dog"))]
    with pytest.raises(ConfigError, match=r"9\.png: there are 2 labels \(cat, dog\)"):
        targets.encode(items, ("label",), classes(config))


def test_names_that_may_be_one_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    targets.say_alike(["Cat", "cat", "c at", "0", "0.0", "00.5", "True", "dog", "true"])
    said = capsys.readouterr().out
    for twins in ("'Cat' and 'c at' and 'cat'", "'0' and '0.0'", "'True' and 'true'"):
        assert f"warning: {twins} are" in said
    assert said.count("warning") == 3
