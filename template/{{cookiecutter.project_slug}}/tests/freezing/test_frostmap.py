"""The frost map says for each block and stage what trains."""

from __future__ import annotations

import pytest

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.freezing import frostmap
from {{ cookiecutter.package }}.freezing.freezer import Freezer
from {{ cookiecutter.package }}.model.network import Network


def test_every_weight_of_the_model_is_in_one_part(freezer: Freezer, config: Config) -> None:
    for stage in config.stage:
        frost = freezer.freeze(stage)
        parts = frostmap.parts(freezer, frost)
        assert [part.name for part in parts] == [*freezer.network.blocks, "head"]
        assert sum(part.trainable for part in parts) == frostmap.count(frost.trainable)
        total = frostmap.count(freezer.network.model.weights)
        assert sum(part.trainable + part.frozen for part in parts) == total


@pytest.mark.parametrize(
    ("policy", "states"),
    [
        ("frozen", ("frozen", "trains")),
        ("adapt", ("adapts", "trains")),
        ("train", ("frozen", "trains")),
    ],
)
def test_a_part_trains_adapts_or_is_frozen(
    policy: str, states: tuple[str, str], network: Network, config: Config
) -> None:
    freezer = Freezer(network, policy)
    frost = freezer.freeze(config.stage[0].model_copy(update={"train": ("block:-1",)}))
    first, *_, last, head = (part.state for part in frostmap.parts(freezer, frost))
    assert (first, last) == states
    assert head == "trains"


def test_a_stage_is_drawn_with_its_frost_line(freezer: Freezer, config: Config) -> None:
    stage = config.stage[0].model_copy(update={"train": ("block:-1",), "name": "this one"})
    drawn = frostmap.draw(
        Freezer(freezer.network, "frozen"),
        Freezer(freezer.network, "frozen").freeze(stage),
        config.model_copy(update={"stage": (stage,)}),
        0,
    )
    assert "stage 1 of 1: this one · at most 2 epochs" in drawn
    assert drawn.count("● trains") == 2
    assert drawn.count("❄ frozen") == len(freezer.network.blocks) - 1
    before = list(freezer.network.blocks)[-2]
    assert f"frost line: after {before}_" in drawn
