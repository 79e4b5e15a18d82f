"""A model of one's own that keeps its last layers: they are a block, and must fit the task."""

from __future__ import annotations

import keras
import pytest
from made import MEANING
from small import small_backbone

from {{ cookiecutter.package }} import model
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.freezing import Freezer


@pytest.fixture
def kept(config: Config) -> Config:
    """Settings under which a model keeps its head, with blocks found in its graph."""
    backbone = config.backbone.model_copy(update={"blocks": {}, "keep_head": True})
    return config.model_copy(update={"backbone": backbone})


def whole(activation: str = "linear", outputs: int = 3) -> keras.Model:
    """The small backbone with two dense layers behind it."""
    body = small_backbone(["one", "two"])
    x = keras.layers.GlobalAveragePooling2D(name="pool")(body.output)
    x = keras.layers.Dense(5, activation="relu", name="hidden")(x)
    x = keras.layers.Dense(outputs, activation=activation, name="answer")(x)
    return keras.Model(body.input, x)


def test_the_last_layers_are_a_block_and_chosen_by_name(kept: Config) -> None:
    network = model.keep_head(whole(), kept)
    blocks = {leaf.name: leaf.block for leaf in network.leaves}
    last = [name for name, block in blocks.items() if block == "head"]
    assert last == ["pool", "hidden", "answer"]
    assert network.head == ()
    stage = kept.stage[0].model_copy(update={"train": ("block:head", "!hidden")})
    frost = Freezer(network, "frozen").freeze(stage)
    assert {v.path for v in frost.trainable} == {"answer/kernel", "answer/bias"}


def test_a_stage_that_trains_nothing_at_all_is_refused(kept: Config) -> None:
    freezer = Freezer(model.keep_head(whole(), kept), "frozen")
    with pytest.raises(ConfigError, match="nothing that it chooses can train"):
        freezer.freeze(kept.stage[0].model_copy(update={"train": ()}))


def test_a_kept_head_has_the_outputs_that_the_task_wants(kept: Config) -> None:
    with pytest.raises(ConfigError, match=r"ends in the shape \(7,\), and"):
        model.check_head(model.keep_head(whole(outputs=7), kept), kept, MEANING)


def test_a_kept_head_says_what_the_task_reads(
    kept: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    softmax = whole("softmax")
    monkeypatch.setattr(model.task, "head", lambda *_: softmax.output)
    model.check_head(model.keep_head(whole("softmax"), kept), kept, MEANING)
    with pytest.raises(ConfigError, match="ends in linear, and the task takes softmax"):
        model.check_head(model.keep_head(whole(), kept), kept, MEANING)


def test_there_must_be_something_to_keep(kept: Config) -> None:
    with pytest.raises(ConfigError, match="no last layers to keep"):
        model.keep_head(small_backbone(["one"]), kept)
