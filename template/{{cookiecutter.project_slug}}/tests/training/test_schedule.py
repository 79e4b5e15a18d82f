"""Each stage trains what the schedule says, and nothing else: freeze, compile, fit and audit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.made import MEANING
from helpers.small import small_network_of

from {{ cookiecutter.package }}.config import Config, ConfigError, Stage
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.freezing.audit import Audit
from {{ cookiecutter.package }}.freezing.freezer import FreezeError, Freezer, Frost
from {{ cookiecutter.package }}.freezing.selectors import select
from {{ cookiecutter.package }}.hooks import Kit
from {{ cookiecutter.package }}.model.network import Network
from {{ cookiecutter.package }}.training import schedule
from {{ cookiecutter.package }}.training.epochs import FEW
from {{ cookiecutter.package }}.training.objective import MONITOR
from {{ cookiecutter.package }}.training.run import Arrays, Progress, Run

BATCH_NORM = keras.layers.BatchNormalization
Values = dict[str, np.ndarray]


@pytest.fixture
def no_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule goes through its stages with the small network, without kits and batches."""

    def fit(
        model: keras.Model,
        *_: object,
        initial_epoch: int,
        epochs: int,
        callbacks: list[keras.callbacks.Callback],
        **__: object,
    ) -> None:
        for epoch in range(initial_epoch, epochs):
            for callback in callbacks:
                callback.set_model(model)
                callback.set_params({"steps": 1})
                callback.on_epoch_begin(epoch)
            for callback in callbacks:
                callback.on_epoch_end(epoch, {"loss": 1.0, MONITOR: 1.0})

    monkeypatch.setattr(schedule, "build", lambda config, meaning: small_network_of(config))
    monkeypatch.setattr(schedule, "kits", tuple)
    monkeypatch.setattr(schedule.objective, "decide", lambda *_: MEANING)
    monkeypatch.setattr(keras.Model, "fit", fit)


@pytest.fixture
def head_only(quick: Config) -> Config:
    return quick.model_copy(update={"stage": quick.stage[:1]})


def test_each_stage_trains_what_the_schedule_says_and_nothing_else(
    freezer: Freezer, network: Network, config: Config, splits: Splits
) -> None:
    """In this project's own schedule and under its own BatchNorm policy."""
    optimizers = []
    for stage in config.stage:
        expected = expected_to_train(freezer, config, stage)
        frost, feed = schedule.prepare(freezer, config, splits, stage)
        optimizers.append(feed.model.optimizer)
        before = values(network)
        feed.model.fit(feed.train, epochs=2, steps_per_epoch=feed.steps, shuffle=False, verbose=0)
        after = values(network)

        moved = {path for path in before if not np.array_equal(before[path], after[path])}
        statistics = {path for path in before if "moving_" in path}
        assert moved - statistics == expected, stage.name
        assert moved & statistics == expected_to_follow(freezer, config, stage), stage.name
        assert {v.path for v in feed.model.optimizer._trainable_variables} == expected
        assert {v.path for v in frost.frozen} == set(before) - moved
    assert len({id(optimizer) for optimizer in optimizers}) == len(config.stage)


def test_a_later_stage_that_cannot_be_is_refused_before_the_first_trains(
    network: Network,
    config: Config,
    splits: Splits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = config.stage[0].model_copy(update={"name": "late", "train": ("no_such_layer",)})
    longer = config.model_copy(update={"stage": (*config.stage, wrong)})
    monkeypatch.setattr(schedule, "build", lambda *_: network)
    with pytest.raises(ConfigError, match="'late'"):
        schedule.train(longer, splits, Run(tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_fit")
def test_too_few_validation_images_do_not_judge_and_that_is_said(
    head_only: Config, splits: Splits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {}
    for count in (FEW, FEW - 1):
        whole = splits.validation
        part = replace(whole, files=whole.files[:count], targets=whole.targets[:count])
        few = replace(splits, validation=part)
        run = Run(tmp_path / str(count))
        run.folder.mkdir()
        schedule.train(head_only, few, run)
        found[count] = capsys.readouterr().out
    said = f"{FEW - 1} validation images are too few to tell the best epoch"
    assert [said in text for text in found.values()] == [False, True]


@pytest.mark.usefixtures("no_fit")
def test_callbacks_of_a_kit_know_the_stage_and_the_epoch_of_the_whole_run(
    quick: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history has the epoch's row before they see its end."""
    seen: list[tuple[int, str, int]] = []
    to_improve: list[float | None] = []  # when a stage begins: the best of the one before it

    class Watch(keras.callbacks.Callback):
        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

        def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            row = self.progress.history[-1]
            seen.append((self.progress.stage, row["stage"], row["epoch"]))

    def callbacks(
        freezer: Freezer, frost: Frost, config: Config, run: Run, progress: Progress
    ) -> list[keras.callbacks.Callback]:
        assert config is quick
        assert {v.path for v in frost.trainable} == {
            v.path for v in freezer.network.model.trainable_variables
        }
        assert run.folder == tmp_path
        to_improve.append(progress.best)
        return [Watch(progress)]

    monkeypatch.setattr(schedule, "kits", lambda: (Kit(callbacks=callbacks), Kit()))
    schedule.train(quick, splits, Run(tmp_path))
    assert seen == [(0, "head", 1), (0, "head", 2), (1, "last", 3), (1, "last", 4)]
    assert to_improve == [None, 1.0]


@pytest.mark.usefixtures("no_fit")
def test_a_frozen_weight_that_changes_while_a_stage_trains_stops_the_run(
    head_only: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def callbacks(_: Freezer, frost: Frost, *__: object) -> list[keras.callbacks.Callback]:
        def tamper(*_: object) -> None:
            frost.frozen[0].assign(frost.frozen[0].numpy() * 1.001)

        return [keras.callbacks.LambdaCallback(on_epoch_end=tamper)]

    monkeypatch.setattr(schedule, "kits", lambda: (Kit(callbacks=callbacks),))
    with pytest.raises(FreezeError, match="frozen weights have changed"):
        schedule.train(head_only, splits, Run(tmp_path))
    assert not Run(tmp_path).model.exists()


@pytest.mark.usefixtures("no_fit")
def test_a_stage_is_audited_though_its_run_was_stopped_after_the_last_epoch(
    head_only: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its beginning: what is put back is no exception."""

    class Tampering(schedule.Epochs):
        def __init__(self, run: Run, progress: Progress, stage: Stage, frost: Frost, *rest: Any):
            super().__init__(run, progress, stage, frost, *rest)
            self.frozen = frost.frozen[0]

        def restore(self, arrays: Arrays) -> None:
            super().restore(arrays)
            self.frozen.assign(self.frozen.numpy() * 1.001)

    def stop(audit: Audit) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schedule.Audit, "check", stop)
        with pytest.raises(KeyboardInterrupt):
            schedule.train(head_only, splits, Run(tmp_path))
    assert Run(tmp_path).load()[0].epoch == head_only.stage[0].epochs
    monkeypatch.setattr(schedule, "Epochs", Tampering)
    with pytest.raises(FreezeError, match="frozen weights have changed"):
        schedule.train(head_only, splits, Run(tmp_path))


@pytest.mark.usefixtures("no_fit")
def test_what_should_train_and_never_moves_is_told(
    head_only: Config,
    splits: Splits,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    schedule.train(head_only, splits, Run(tmp_path))
    said = capsys.readouterr().out
    assert "should have trained but never moved: head" in said
    assert "stage 1 of 1: head" in said


def test_kits_feed_a_stage_one_after_another(
    freezer: Freezer, config: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may ask for what comes before it, and add to that."""
    stage = config.stage[-1]
    frost = freezer.freeze(stage)
    asked: list[tuple[object, ...]] = []

    def feed(name: str) -> Kit:
        def more(make: Any, *given: object) -> schedule.Feed:
            before = make()
            asked.append((name, before.steps, *given))
            return replace(before, steps=before.steps + 10)

        return Kit(feed=more)

    monkeypatch.setattr(schedule, "kits", lambda: (feed("a"), Kit(), feed("b")))
    made = schedule.open_feed(freezer.network, frost, config, splits, stage, 1)
    given = (freezer.network, frost, config, splits, stage, 1)
    assert asked == [("a", 2, *given), ("b", 12, *given)]
    assert made.steps == 22
    assert made.model is freezer.network.model


def expected_to_train(freezer: Freezer, config: Config, stage: Stage) -> set[str]:
    """The paths of the weights that should train, worked out without the code under test."""
    network, leaves = freezer.network, [one.leaf for one in freezer.layers]
    paths = {weight.path for layer in network.head for weight in layer.weights}
    chosen = select(leaves, stage.train, network.name)
    for layer, train in zip(network.backbone, chosen, strict=True):
        names = ("gamma", "beta") if isinstance(layer, BATCH_NORM) else ("kernel", "bias")
        if train and not (isinstance(layer, BATCH_NORM) and config.backbone.batch_norm != "train"):
            paths |= {weight.path for weight in layer.weights if weight.name in names}
    return paths


def expected_to_follow(freezer: Freezer, config: Config, stage: Stage) -> set[str]:
    """The paths of the moving means and variances that should follow the data."""
    leaves, policy = [one.leaf for one in freezer.layers], config.backbone.batch_norm
    chosen = select(leaves, stage.train, freezer.network.name)
    return {
        weight.path
        for layer, train in zip(freezer.network.backbone, chosen, strict=True)
        if isinstance(layer, BATCH_NORM) and (policy == "adapt" or (policy == "train" and train))
        for weight in layer.weights
        if weight.name.startswith("moving_")
    }


def values(network: Network) -> Values:
    return {weight.path: weight.numpy().copy() for weight in network.model.weights}
