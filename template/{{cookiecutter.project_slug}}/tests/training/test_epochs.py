"""After each epoch: the best weights so far, when to stop, and a state to go on from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config, Stage
from {{ cookiecutter.package }}.freezing.freezer import Freezer, Frost
from {{ cookiecutter.package }}.model.network import Network
from {{ cookiecutter.package }}.training.epochs import (
    FIXED_STEPS,
    MIN_STEPS,
    REDUCE,
    REDUCTIONS,
    Epochs,
    TrainingError,
)
from {{ cookiecutter.package }}.training.objective import MONITOR
from {{ cookiecutter.package }}.training.optimizer import LayerwiseSGD
from {{ cookiecutter.package }}.training.run import Progress, Run


@pytest.fixture
def stage(config: Config) -> Stage:
    return config.stage[0].model_copy(
        update={"train": (), "patience": 2, "decay": "constant", "epochs": 9, "name": "head"}
    )


@pytest.fixture
def frost(network: Network, stage: Stage) -> Frost:
    return Freezer(network, "frozen").freeze(stage)


def callback(
    network: Network,
    stage: Stage,
    frost: Frost,
    run: Run,
    progress: Progress,
    judged: bool = True,
) -> Epochs:
    network.model.stop_training = False
    optimizer = LayerwiseSGD(0.5, momentum=0.9, rates={}, held={})
    optimizer.build(network.model.trainable_variables)
    state = tuple(network.model.variables)
    epochs = Epochs(run, progress, stage, frost, state, optimizer, judged)
    epochs.set_model(network.model)
    epochs.set_params({"steps": MIN_STEPS})
    return epochs


def go_through(epochs: Epochs, frost: Frost, values: tuple[float, ...], first: int = 0) -> None:
    """Epochs that end with these losses, and with weights of the same value."""
    kernel = frost.trainable[0]
    for epoch, value in enumerate(values, first):
        kernel.assign(np.full(kernel.shape, value))
        epochs.on_epoch_begin(epoch)
        epochs.on_epoch_end(epoch, {MONITOR: value, "loss": value})


def test_a_stage_ends_with_its_best_weights_and_stops_in_time(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    epochs = callback(network, stage, frost, Run(tmp_path), Progress())
    go_through(epochs, frost, (3.0, 2.0, 2.5))
    assert not epochs.progress.stopped
    assert not network.model.stop_training
    go_through(epochs, frost, (2.4,), first=3)
    assert epochs.progress.stopped
    assert network.model.stop_training
    epochs.restore_best()
    assert np.unique(frost.trainable[0].numpy()) == [2.0]


def test_an_improvement_too_small_to_matter_is_none(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    """Its weights are the best all the same."""
    epochs = callback(network, stage, frost, Run(tmp_path), Progress())
    go_through(epochs, frost, (2.0, 1.9999, 1.9998))
    assert epochs.progress.stopped
    epochs.restore_best()
    assert np.unique(frost.trainable[0].numpy()) == [np.float32(1.9998)]


def test_patience_lasts_longer_where_few_batches_make_an_epoch(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    epochs = callback(network, stage, frost, Run(tmp_path), Progress())
    epochs.set_params({"steps": MIN_STEPS // 4})
    go_through(epochs, frost, (1.0, 2.0, 2.0, 2.0))
    assert not epochs.progress.stopped
    go_through(epochs, frost, (2.0,), first=4)
    assert epochs.progress.stopped


def test_on_a_plateau_the_rate_falls_from_the_best_weights_before_the_stage_ends(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    """And the reduced rate is part of what is saved."""
    plateau = stage.model_copy(update={"decay": "plateau"})
    epochs = callback(network, plateau, frost, Run(tmp_path), Progress())
    for number in range(REDUCTIONS):
        go_through(epochs, frost, (1.0 - 0.1 * number, 2.0, 2.0), first=3 * number)
        assert np.unique(frost.trainable[0].numpy()) == [np.float32(1.0 - 0.1 * number)]
        assert float(epochs.optimizer.reduction) == pytest.approx(REDUCE ** (number + 1))
    progress, arrays = Run(tmp_path).load()
    later = callback(network, plateau, frost, Run(tmp_path), progress)
    later.restore(arrays)
    assert float(later.optimizer.reduction) == pytest.approx(REDUCE**REDUCTIONS)
    assert not later.progress.stopped
    go_through(later, frost, (2.0, 2.0), first=9)
    assert later.progress.stopped


def test_a_stage_that_improves_nothing_changes_nothing(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    """It begins where the one before it ended, and that is what it has to improve."""
    before = frost.trainable[0].numpy()
    epochs = callback(network, stage, frost, Run(tmp_path), Progress(stage=1, best=1.0))
    go_through(epochs, frost, (3.0,))
    progress, arrays = Run(tmp_path).load()
    epochs = callback(network, stage, frost, Run(tmp_path), progress)
    epochs.restore(arrays)
    go_through(epochs, frost, (2.0,), first=1)
    assert epochs.progress.stopped
    epochs.restore_best()
    assert np.array_equal(frost.trainable[0].numpy(), before)


def test_what_cannot_be_judged_takes_a_fixed_number_of_batches_and_keeps_the_last_weights(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    epochs = callback(network, stage, frost, Run(tmp_path), Progress(), judged=False)
    epochs.set_params({"steps": FIXED_STEPS // 5})
    go_through(epochs, frost, (1.0, 2.0, 3.0, 4.0))
    assert not network.model.stop_training
    go_through(epochs, frost, (5.0,), first=4)
    assert epochs.progress.stopped
    assert network.model.stop_training
    epochs.restore_best()
    assert np.unique(frost.trainable[0].numpy()) == [5.0]


def test_without_patience_a_stage_goes_on(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    patient = stage.model_copy(update={"patience": 0})
    epochs = callback(network, patient, frost, Run(tmp_path), Progress())
    go_through(epochs, frost, (1.0, 2.0, 3.0, 4.0))
    assert not epochs.progress.stopped


@pytest.mark.parametrize(("values", "best"), [((3.0, 2.0, 2.5, 2.4), 2.0), ((3.0, 2.0), 2.0)])
def test_what_is_saved_is_enough_to_go_on(
    values: tuple[float, ...],
    best: float,
    network: Network,
    stage: Stage,
    frost: Frost,
    tmp_path: Path,
) -> None:
    """Whether the last epoch was the best or not."""
    before = callback(network, stage, frost, Run(tmp_path), Progress())
    before.optimizer.iterations.assign(17)
    go_through(before, frost, values)
    frost.trainable[0].assign(np.zeros(frost.trainable[0].shape))
    progress, arrays = Run(tmp_path).load()
    assert progress == before.progress
    later = callback(network, stage, frost, Run(tmp_path), progress)
    later.restore(arrays)
    assert np.unique(frost.trainable[0].numpy()) == [np.float32(values[-1])]
    assert int(later.optimizer.iterations) == 17
    later.restore_best()
    assert np.unique(frost.trainable[0].numpy()) == [best]


def test_what_is_frozen_is_not_saved_after_every_epoch(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    go_through(callback(network, stage, frost, Run(tmp_path), Progress()), frost, (1.0,))
    _, arrays = Run(tmp_path).load()
    changing = len(network.model.variables) - len(frost.frozen)
    assert len(arrays["changing"]) == changing < len(network.model.variables)


def test_the_history_counts_epochs_over_the_whole_run(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    first = callback(network, stage, frost, Run(tmp_path), Progress())
    go_through(first, frost, (3.0, 2.0))
    second = stage.model_copy(update={"name": "top"})
    progress = Progress(stage=1, history=first.progress.history)
    go_through(callback(network, second, frost, Run(tmp_path), progress), frost, (1.5,))
    rows = [(row["stage"], row["epoch"], row["loss"]) for row in progress.history]
    assert rows == [("head", 1, 3.0), ("head", 2, 2.0), ("top", 3, 1.5)]
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines[0].split(",")[:3] == ["stage", "epoch", "seconds"]
    assert [line.split(",")[1] for line in lines[1:]] == ["1", "2", "3"]


def test_a_loss_that_is_no_number_stops_and_is_not_saved(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    epochs = callback(network, stage, frost, Run(tmp_path), Progress())
    go_through(epochs, frost, (3.0,))
    for value in (float("nan"), float("inf")):
        with pytest.raises(TrainingError, match=r"no longer a number in stage 'head', epoch 2"):
            go_through(epochs, frost, (value,), first=1)
    progress, arrays = Run(tmp_path).load()
    assert [row["loss"] for row in progress.history] == [3.0]
    assert all(np.isfinite(array).all() for group in arrays.values() for array in group)


def test_a_loss_that_is_no_number_is_found_within_the_first_batches(
    network: Network, stage: Stage, frost: Frost, tmp_path: Path
) -> None:
    epochs = callback(network, stage, frost, Run(tmp_path), Progress())
    epochs.on_train_batch_end(0, {"loss": 1.0})
    for batch in (1, 3, 127):  # Keras reports a mean, which stays what it has become
        said = rf"stage 'head', epoch 1, batch {batch + 1}: lower"
        with pytest.raises(TrainingError, match=said):
            epochs.on_train_batch_end(batch, {"loss": float("nan")})
    epochs.on_train_batch_end(100, {"loss": float("nan")})  # a GPU is not waited for each time
