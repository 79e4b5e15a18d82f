"""Selectors choose what they say, and nothing silently."""

from __future__ import annotations

import pytest

from {{ cookiecutter.package }}.freezing import selectors
from {{ cookiecutter.package }}.freezing.selectors import Leaf, SelectorError, select

LEAVES = (
    Leaf(0, None, "InputLayer", "stem"),
    Leaf(1, "conv1_conv", "Conv2D", "stem"),
    Leaf(2, "conv1_bn", "BatchNormalization", "stem"),
    Leaf(3, "inner_conv", "Conv2D", "body", owner="downsampling"),
    Leaf(3, "inner_norm", "LayerNormalization", "body", owner="downsampling"),
    Leaf(4, None, "Add", "body"),
    Leaf(5, "conv3_conv", "Conv2D", "top"),
)


@pytest.mark.parametrize(
    ("selectors", "positions"),
    [
        ([], []),
        (["block:body"], [3, 3, 4]),
        (["block:-1"], [5]),
        (["block:-2:"], [3, 3, 4, 5]),
        (["block:*"], [0, 1, 2, 3, 3, 4, 5]),
        (["conv?_conv"], [1, 5]),
        (["downsampling"], [3, 3]),
        (["re:_conv$"], [1, 3, 5]),
        (["type:*Normalization"], [2, 3]),
        (["4"], [4]),
        (["-1"], [5]),
        (["0:2"], [0, 1]),
        (["-2:"], [4, 5]),
        (["block:*", "!block:stem"], [3, 3, 4, 5]),
        (["!conv1_bn"], [0, 1, 3, 3, 4, 5]),
        (["!block:stem", "conv1_bn"], [2]),
    ],
)
def test_selectors_apply_in_order(selectors: list[str], positions: list[int]) -> None:
    chosen = select(LEAVES, selectors, "net")
    assert [leaf.position for leaf, yes in zip(LEAVES, chosen, strict=True) if yes] == positions


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("bn_conv1", r"no layer 'bn_conv1' in net; did you mean 'conv1_bn'\?"),
        ("block:haed", "no block 'haed' in net; there are stem, body, top"),
        ("block:bodi", r"no block 'bodi' in net; did you mean 'body'\?"),
        ("type:Dense", "no layer of type 'Dense' in net"),
        ("re:nothing", "no layer like 'nothing' in net"),
        ("re:(", "is not a regular expression"),
        ("6", "position 6 is out of range: the layers of net are 0 to 5"),
        ("0:7", "position 7 is out of range"),
        ("4:2", "holds none of the layers"),
        ("add_3", "choose it by its position"),
    ],
)
def test_a_selector_without_a_match_is_an_error(selector: str, message: str) -> None:
    for text in (selector, f"!{selector}"):
        with pytest.raises(SelectorError, match=message):
            select(LEAVES, [text], "net")


def test_names_that_keras_numbers_are_not_names() -> None:
    assert selectors.stable_name("batch_normalization_12", "BatchNormalization") is None
    assert selectors.stable_name("conv2d", "Conv2D") is None
    assert selectors.stable_name("conv1_bn", "BatchNormalization") == "conv1_bn"
