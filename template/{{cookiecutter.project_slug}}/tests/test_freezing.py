"""What should be frozen is frozen and what should train trains: in every stage, in this project's
own schedule and under its own BatchNorm policy."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import small

from {{ cookiecutter.package }} import stages
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.freezing import FreezeError, Freezer, verify
from {{ cookiecutter.package }}.model import Network
from {{ cookiecutter.package }}.selectors import select

BATCH_NORM = keras.layers.BatchNormalization
Values = dict[str, np.ndarray]


def test_each_stage_trains_what_the_schedule_says_and_nothing_else(
    network: Network, config: Config, splits: Splits
) -> None:
    freezer = Freezer(network, config.backbone.batch_norm)
    optimizers = []
    for stage in config.stage:
        expected = expected_to_train(network, config, stage.train)
        frost, feed = stages.prepare(network, freezer, config, splits, stage)
        optimizers.append(feed.model.optimizer)
        before = values(network)
        feed.model.fit(feed.train, epochs=2, steps_per_epoch=feed.steps, shuffle=False, verbose=0)
        after = values(network)

        moved = {path for path in before if not np.array_equal(before[path], after[path])}
        statistics = {path for path in before if "moving_" in path}
        assert moved - statistics == expected, stage.name
        assert moved & statistics == expected_to_follow(network, config, stage.train), stage.name
        assert {v.path for v in feed.model.optimizer._trainable_variables} == expected
        assert {v.path for v in frost.frozen} == set(before) - moved
    assert len({id(optimizer) for optimizer in optimizers}) == len(config.stage)


def test_what_is_frozen_gives_the_same_answer_in_training_and_inference(
    network: Network, config: Config, splits: Splits
) -> None:
    """Dropout of a frozen layer, or a BatchNorm in training mode, would make them differ."""
    image = np.random.default_rng(0).uniform(0, 255, (4, *network.model.input_shape[1:]))
    freezer = Freezer(network, config.backbone.batch_norm)
    for stage in config.stage:
        freezer.freeze(stage)
        chosen = select(network.leaves, stage.train, network.name)
        first = chosen.index(True) if True in chosen else len(chosen)
        if config.backbone.batch_norm == "adapt":
            first = min(first, [leaf.kind for leaf in network.leaves].index("BatchNormalization"))
        if first < 2:
            continue
        frozen_part = keras.Model(network.model.input, network.layers[first - 1].output)
        assert np.array_equal(frozen_part(image, training=True), frozen_part(image, training=False))


def test_dropout_comes_back_when_its_block_trains(network: Network, config: Config) -> None:
    freezer = Freezer(network, config.backbone.batch_norm)
    dropouts = [x for x in network.layers if isinstance(x, keras.layers.Dropout)]
    whole = config.stage[0].model_copy(update={"train": ("block:*",)})
    freezer.freeze(whole.model_copy(update={"train": ()}))
    assert [layer.rate for layer in dropouts] == [0.0] * len(dropouts)
    freezer.freeze(whole)
    assert [layer.rate for layer in dropouts] == [0.3] * len(dropouts)


def test_every_kind_of_noise_is_off_while_frozen(
    quick: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of one's own may hold any of them, also within another layer."""
    kinds = [
        keras.layers.AlphaDropout(0.3),
        keras.layers.GaussianDropout(0.3),
        keras.layers.GaussianNoise(0.3),
        keras.layers.SpatialDropout2D(0.3),
        keras.layers.MultiHeadAttention(1, 2, dropout=0.3),
    ]

    def noisy(blocks: list[str]) -> keras.Model:
        body = plain(blocks)
        x = keras.layers.MaxPooling2D(4)(body.output)
        for layer in kinds:
            x = layer(x, x) if isinstance(layer, keras.layers.MultiHeadAttention) else layer(x)
        return keras.Model(body.input, x)

    plain = small.small_backbone
    monkeypatch.setattr(small, "small_backbone", noisy)
    network = small.small_network_of(quick)
    whole = quick.stage[0].model_copy(update={"train": ("block:*",)})
    image = np.random.default_rng(0).uniform(0, 255, (4, *network.model.input_shape[1:]))
    freezer = Freezer(network, "frozen")

    def differs(layer: keras.Layer) -> bool:
        part = keras.Model(network.model.input, layer.output)
        return not np.array_equal(part(image, training=True), part(image, training=False))

    freezer.freeze(whole.model_copy(update={"train": ()}))
    assert not differs(kinds[-1])
    for count in range(1, len(kinds) + 1):
        freezer.freeze(whole.model_copy(update={"train": (f"-{count}:",)}))
        on = [differs(layer) for layer in kinds]
        assert on == [False] * (len(kinds) - count) + [True] * count


def test_flags_of_an_earlier_stage_do_not_survive(network: Network, config: Config) -> None:
    freezer = Freezer(network, "train")
    whole = config.stage[0].model_copy(update={"train": ("block:*",)})
    for layer in network.layers:
        for variable in layer.trainable_variables:
            variable.trainable = False
    frost = freezer.freeze(whole)
    assert len(frost.trainable) == len(network.model.trainable_variables) > 4


def test_a_selector_without_a_match_stops(network: Network, config: Config) -> None:
    wrong = config.stage[0].model_copy(update={"train": ("no_such_layer",)})
    with pytest.raises(ConfigError, match="no layer 'no_such_layer'"):
        Freezer(network, config.backbone.batch_norm).freeze(wrong)


def test_a_stage_whose_choice_cannot_train_stops(network: Network, config: Config) -> None:
    for selector in ("type:ReLU", "type:BatchNormalization"):
        idle = config.stage[0].model_copy(update={"train": (selector,)})
        with pytest.raises(ConfigError, match="nothing that it chooses can train"):
            Freezer(network, "frozen").freeze(idle)


def test_a_model_that_differs_from_the_plan_is_refused(network: Network, config: Config) -> None:
    frost = Freezer(network, config.backbone.batch_norm).freeze(config.stage[0])
    next(layer for layer in reversed(network.head) if layer.weights).trainable = False
    with pytest.raises(FreezeError, match="missing"):
        verify(network.model, frost)


def test_the_audit_sees_a_frozen_weight_that_changed(network: Network, config: Config) -> None:
    head_only = config.stage[0].model_copy(update={"train": ()})
    frost = Freezer(network, "frozen").freeze(head_only)
    before, moving = stages.still_digests(frost), stages.digests(frost.trainable)
    assert stages.audit(before, moving, frost) == list(moving)
    frost.frozen[0].assign(frost.frozen[0] * 1.001)
    with pytest.raises(FreezeError, match=frost.frozen[0].path):
        stages.audit(before, moving, frost)


def expected_to_train(network: Network, config: Config, selectors: tuple[str, ...]) -> set[str]:
    """The paths of the weights that should train, worked out without the code under test."""
    chosen = select(network.leaves, selectors, network.name)
    paths = {weight.path for layer in network.head for weight in layer.weights}
    for layer, train in zip(network.layers, chosen, strict=True):
        names = ("gamma", "beta") if isinstance(layer, BATCH_NORM) else ("kernel", "bias")
        if train and not (isinstance(layer, BATCH_NORM) and config.backbone.batch_norm != "train"):
            paths |= {weight.path for weight in layer.weights if weight.name in names}
    return paths


def expected_to_follow(network: Network, config: Config, selectors: tuple[str, ...]) -> set[str]:
    """The paths of the BatchNorm statistics that should follow the data."""
    chosen = select(network.leaves, selectors, network.name)
    policy = config.backbone.batch_norm
    return {
        weight.path
        for layer, train in zip(network.layers, chosen, strict=True)
        if isinstance(layer, BATCH_NORM) and (policy == "adapt" or (policy == "train" and train))
        for weight in layer.weights
        if weight.name.startswith("moving_")
    }


def values(network: Network) -> Values:
    return {weight.path: weight.numpy().copy() for weight in network.model.weights}
