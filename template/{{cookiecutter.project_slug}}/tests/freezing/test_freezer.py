"""What should be frozen is frozen and what should train trains: flags, noise and BatchNorm."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
from helpers import small

from {{ cookiecutter.package }}.config import Config, ConfigError, Stage
from {{ cookiecutter.package }}.freezing import freezer as freezing
from {{ cookiecutter.package }}.freezing.freezer import FreezeError, Freezer, Frost, verify
from {{ cookiecutter.package }}.freezing.selectors import select
from {{ cookiecutter.package }}.hooks import Kit
from {{ cookiecutter.package }}.model.network import Network

NEVER = {"moving_mean", "moving_variance", "mean", "variance", "count"}  # not for the optimizer


def training(config: Config, *selectors: str) -> Stage:
    """A stage that trains what the selectors choose."""
    return config.stage[0].model_copy(update={"train": selectors})


def test_every_stage_of_the_schedule_fits_the_backbone(
    real: Network, project: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the kits, which may hold a part of it still."""
    monkeypatch.setattr(freezing, "kits", tuple)
    freezer = Freezer(real, project.backbone.batch_norm)
    for stage in project.stage:
        frost = freezer.freeze(stage)
        chosen = select([one.leaf for one in freezer.layers], stage.train, real.name)
        expected = {id(weight) for layer in real.head for weight in layer.weights}
        for one, train in zip(freezer.layers, chosen, strict=True):
            batch_norm = isinstance(one.layer, keras.layers.BatchNormalization)
            if train and (not batch_norm or project.backbone.batch_norm == "train"):
                expected |= {id(w) for w in one.layer.weights if w.name not in NEVER}
        assert {id(weight) for weight in real.model.trainable_weights} == expected, stage.name
        assert {id(weight) for weight in frost.trainable} == expected, stage.name


def test_each_variable_is_of_one_kind(freezer: Freezer, network: Network, config: Config) -> None:
    for stage in config.stage:
        frost = freezer.freeze(stage)
        kinds = [*frost.trainable, *frost.statistics, *frost.frozen]
        assert sorted(map(id, kinds)) == sorted(map(id, network.model.weights))
        assert frost.moving == frost.trainable + frost.statistics


@pytest.mark.parametrize("policy", ["frozen", "adapt", "train"])
def test_the_policy_for_batch_norm_wins_over_a_selector(
    policy: str, network: Network, config: Config
) -> None:
    """In a block that is chosen, and in one that is not."""
    freezer = Freezer(network, policy)
    frost = freezer.freeze(training(config, "block:-1"))
    *_, other, last = network.blocks
    trains = {variable.path for variable in frost.trainable}
    follows = {variable.path for variable in frost.statistics}
    for block in (other, last):
        learnt = {f"{block}_bn/gamma", f"{block}_bn/beta"}
        moving = {f"{block}_bn/moving_mean", f"{block}_bn/moving_variance"}
        assert (learnt & trains) == (learnt if (policy, block) == ("train", last) else set())
        follow = policy == "adapt" or (policy, block) == ("train", last)
        assert (moving & follows) == (moving if follow else set())
        # A BatchNorm layer whose flag is False uses its moving statistics and leaves them alone.
        assert network.model.get_layer(f"{block}_bn").trainable == follow


def test_what_is_frozen_gives_the_same_answer_in_training_and_inference(
    freezer: Freezer, network: Network, config: Config
) -> None:
    """Dropout of a frozen layer, or a BatchNorm in training mode, would make them differ."""
    image = np.random.default_rng(0).uniform(0, 255, (4, *network.model.input_shape[1:]))
    leaves = [one.leaf for one in freezer.layers]
    for stage in config.stage:
        freezer.freeze(stage)
        chosen = select(leaves, stage.train, network.name)
        first = chosen.index(True) if True in chosen else len(chosen)
        if config.backbone.batch_norm == "adapt":
            first = min(first, [leaf.kind for leaf in leaves].index("BatchNormalization"))
        if first < 2:
            continue
        frozen_part = keras.Model(network.model.input, network.backbone[first - 1].output)
        assert np.array_equal(frozen_part(image, training=True), frozen_part(image, training=False))


def test_dropout_comes_back_when_its_block_trains(
    freezer: Freezer, network: Network, config: Config
) -> None:
    dropouts = [x for x in network.backbone if isinstance(x, keras.layers.Dropout)]
    freezer.freeze(training(config))
    assert [layer.rate for layer in dropouts] == [0.0] * len(dropouts)
    freezer.freeze(training(config, "block:*"))
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
    image = np.random.default_rng(0).uniform(0, 255, (4, *network.model.input_shape[1:]))
    freezer = Freezer(network, "frozen")

    def differs(layer: keras.Layer) -> bool:
        part = keras.Model(network.model.input, layer.output)
        return not np.array_equal(part(image, training=True), part(image, training=False))

    freezer.freeze(training(quick))
    assert not differs(kinds[-1])
    for count in range(1, len(kinds) + 1):
        freezer.freeze(training(quick, f"-{count}:"))
        on = [differs(layer) for layer in kinds]
        assert on == [False] * (len(kinds) - count) + [True] * count


def test_flags_of_an_earlier_stage_do_not_survive(network: Network, config: Config) -> None:
    freezer = Freezer(network, "train")
    for layer in network.backbone:
        for variable in layer.trainable_variables:
            variable.trainable = False
    frost = freezer.freeze(training(config, "block:*"))
    assert len(frost.trainable) == len(network.model.trainable_variables) > 4


def test_a_selector_without_a_match_stops(freezer: Freezer, config: Config) -> None:
    with pytest.raises(ConfigError, match="no layer 'no_such_layer'"):
        freezer.freeze(training(config, "no_such_layer"))


def test_a_stage_whose_choice_cannot_train_stops(network: Network, config: Config) -> None:
    for selector in ("type:ReLU", "type:BatchNormalization"):
        with pytest.raises(ConfigError, match="nothing that it chooses can train"):
            Freezer(network, "frozen").freeze(training(config, selector))


def test_a_model_that_differs_from_the_plan_is_refused(
    freezer: Freezer, network: Network, config: Config
) -> None:
    frost = freezer.freeze(config.stage[0])
    layer = next(layer for layer in reversed(network.head) if layer.weights)
    layer.trainable = False
    with pytest.raises(FreezeError, match="missing"):
        verify(network.model, frost)
    layer.trainable = True
    with pytest.raises(FreezeError, match="not planned"):
        verify(network.model, replace(frost, trainable=frost.trainable[1:]))


def test_a_kit_may_hold_parts_and_is_verified_like_the_rest(
    freezer: Freezer, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hold(asked: Freezer, stage: Stage, frost: Frost) -> Frost:
        assert (asked, stage) == (freezer, config.stage[0])
        return replace(frost, held={frost.trainable[0].path: np.array(True)})

    monkeypatch.setattr(freezing, "kits", lambda: (Kit(hold=hold), Kit()))
    assert len(freezer.freeze(config.stage[0]).held) == 1

    def loses_one(_: Freezer, stage: Stage, frost: Frost) -> Frost:
        return replace(frost, trainable=frost.trainable[1:])

    monkeypatch.setattr(freezing, "kits", lambda: (Kit(hold=loses_one),))
    with pytest.raises(FreezeError, match="not planned"):
        freezer.freeze(config.stage[0])


def test_two_weights_of_one_name_are_refused() -> None:
    """A rate, or a held part, for the one would be for both."""

    def part(name: str) -> keras.Model:
        image = keras.Input((None, None, 3))
        return keras.Model(image, keras.layers.Conv2D(3, 3, name="conv")(image), name=name)

    image = keras.Input((16, 16, 3))
    model = keras.Model(image, part("second")(part("first")(image)))
    twice = Network("own", model, tuple(model.layers), (), {"all": 0})
    with pytest.raises(ConfigError, match="two weights of own are called"):
        Freezer(twice, "frozen")


def test_random_layers_are_frozen_only_if_it_is_meant(network: Network, config: Config) -> None:
    freezer = Freezer(replace(network, random=True), "frozen")
    freezer.freeze(training(config, "block:*"))
    with pytest.raises(ConfigError, match=r"freezes random layers, .* allow_random = true"):
        freezer.freeze(training(config))
