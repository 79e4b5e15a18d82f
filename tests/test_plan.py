"""The plan says before training what the project will do in training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from test_cli import frostline


def planned(where: Path, *flags: str) -> dict[str, Any]:
    done = frostline(where, "plan", "--json", *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_resnet_head_then_blocks(tmp_path: Path) -> None:
    plan = planned(tmp_path, "--backbone", "ResNet50", "--freeze", "staged", "--outputs", "5")
    assert [stage["name"] for stage in plan["stages"]] == ["head", "conv5", "conv4", "conv3"]
    head, conv5 = plan["stages"][:2]
    assert head["trainable"] == plan["head"]["parameters"] == (2048 + 1) * 5
    # As `sum(p for w in layer.trainable_weights ...)` counts conv5 with its BatchNorms frozen.
    assert conv5["trainable"] == head["trainable"] + 14_953_472
    assert head["trainable"] + head["frozen"] == conv5["trainable"] + conv5["frozen"]
    assert conv5["learning_rate"] == pytest.approx(head["learning_rate"] / 30)


def test_rates_fall_as_blocks_thaw(tmp_path: Path) -> None:
    flags = ("--backbone", "EfficientNetB0", "--unfreeze-blocks", "all")
    stages = planned(tmp_path, *flags)["stages"]
    rates = [stage["learning_rate"] for stage in stages]
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates) == 9
    trainable = [stage["trainable"] for stage in stages]
    assert trainable == sorted(trainable)


def test_the_policy_wins_over_a_selector_and_says_so(tmp_path: Path) -> None:
    flags = ("--backbone", "ResNet50", "--freeze", "layers", "--layers", "conv5_block3_*")
    plan = planned(tmp_path, *flags)
    assert any("BatchNorm" in note for note in plan["notes"])
    with_norms = planned(tmp_path, *flags, "--batch-norm", "train")
    frozen, trained = plan["stages"][1], with_norms["stages"][1]
    assert trained["trainable"] - frozen["trainable"] == 2 * (512 + 512 + 2048)


def test_norm_trains_scale_and_shift(tmp_path: Path) -> None:
    plan = planned(tmp_path, "--backbone", "MobileNetV2", "--freeze", "norm", "--outputs", "2")
    assert plan["batch_norm"] == "train"
    assert plan["stages"][1]["trainable"] == plan["head"]["parameters"] + 34_112


def test_held_filters_are_not_counted_as_training(tmp_path: Path) -> None:
    flags = ("--backbone", "ResNet50", "--outputs", "2", "--unfreeze-blocks", "1")
    top = planned(tmp_path, *flags, "--freeze", "top")["stages"][1]
    held = ("--filters", "conv5_block3_3_conv:0-9", "--filters", "conv5_block3_3_conv:5-11")
    some = planned(tmp_path, *flags, "--freeze", "filters", *held)["stages"][1]
    assert top["trainable"] - some["trainable"] == 12 * (512 + 1)
    assert top["trainable"] + top["frozen"] == some["trainable"] + some["frozen"]


def test_a_plan_renders_nothing(tmp_path: Path) -> None:
    planned(tmp_path)
    assert not list(tmp_path.iterdir())
