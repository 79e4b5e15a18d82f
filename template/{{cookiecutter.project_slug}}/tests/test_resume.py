"""A run that is killed goes on as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from small import small_network_of

from {{ cookiecutter.package }} import stages
from {{ cookiecutter.package }}.checkpoint import Run, open_run
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.keeper import Keeper, TrainingError
from {{ cookiecutter.package }}.preempted import Preempted, heeding_sigterm


class Killed(BaseException):
    """Stands for a kill: nothing in the project may catch it."""


@pytest.fixture(autouse=True)
def small_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the schedule train the small network."""
    monkeypatch.setattr(stages, "build", lambda config, meaning: small_network_of(config))


@pytest.fixture(scope="module")
def two_stages(quick: Config) -> Config:
    """A head stage, and one that trains the last block with augmentation."""
    head, last = quick.stage
    schedule = (head, last.model_copy(update={"augment": "light"}))
    return quick.model_copy(update={"stage": schedule})


@pytest.fixture(scope="module")
def stopped(two_stages: Config, splits: Splits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of a run that was told to stop amid its second epoch."""
    folder = tmp_path_factory.mktemp("stopped") / "run"
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "build", lambda config, meaning: small_network_of(config))
        patch.setattr(Keeper, "on_train_batch_end", tell_in_second_epoch, raising=False)
        with pytest.raises(Preempted), heeding_sigterm():
            run(two_stages, splits, folder)
    assert signal.getsignal(signal.SIGTERM) == before
    progress, _ = Run(folder).load()
    assert (progress.stage, progress.epoch) == (0, 1)
    return folder


def test_a_run_that_is_stopped_and_then_killed_ends_with_the_same_weights(
    stopped: Path,
    two_stages: Config,
    splits: Splits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kill damages the newest state: the run goes on from the one before."""
    folder = Path(shutil.copytree(stopped, tmp_path / "killed"))
    with monkeypatch.context() as patch:
        kill_after(3, patch)
        with pytest.raises(Killed):
            run(two_stages, splits, folder)
    with (folder / "state.npz").open("r+b") as file:
        file.truncate(100)
    assert Run(folder).load()[0].epoch == 1
    assert run(two_stages, splits, folder) == run(two_stages, splits, tmp_path / "whole")


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_state(
    stopped: Path, two_stages: Config, splits: Splits, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(stopped, tmp_path / "run"))
    wild = two_stages.stage[0].model_copy(update={"learning_rate": 1e30, "epochs": 3})
    with pytest.raises(TrainingError, match=r"stage 'head'.*1e\+30"):
        run(two_stages.model_copy(update={"stage": (wild,)}), splits, folder)
    progress, arrays = Run(folder).load()
    assert progress.history
    assert all(np.isfinite(row["loss"]) for row in progress.history)
    assert all(np.isfinite(array).all() for group in arrays.values() for array in group)


def test_a_changed_config_is_named(two_stages: Config, tmp_path: Path) -> None:
    first = open_run(tmp_path, two_stages, fresh=False)
    first.save_base(0, ())
    assert open_run(tmp_path, two_stages, fresh=False).folder == first.folder
    changed = two_stages.model_copy(update={"stage": two_stages.stage[:1]})
    with pytest.raises(ConfigError, match="stage"):
        open_run(tmp_path, changed, fresh=False)
    assert open_run(tmp_path, changed, fresh=True).folder != first.folder


def test_a_run_that_failed_before_its_first_step_is_no_run(
    two_stages: Config, tmp_path: Path
) -> None:
    first = open_run(tmp_path, two_stages, fresh=False)
    mended = two_stages.model_copy(update={"stage": two_stages.stage[:1]})
    again = open_run(tmp_path, mended, fresh=False)
    assert again.folder == first.folder
    known = json.loads((again.folder / "config.json").read_text(encoding="utf-8"))
    assert len(known["stage"]) == 1


def tell_in_second_epoch(keeper: Keeper, *_: object, **__: object) -> None:
    """SIGTERM comes when it wants."""
    if keeper.progress.epoch == 1:
        os.kill(os.getpid(), signal.SIGTERM)


def kill_after(epochs: int, patch: pytest.MonkeyPatch) -> None:
    """Die once so many epochs of the schedule are saved."""
    real = Keeper.on_epoch_end
    done = []

    def dies(self: Keeper, *args: object, **kwargs: object) -> None:
        real(self, *args, **kwargs)
        done.append(1)
        if len(done) == epochs:
            raise Killed

    patch.setattr(Keeper, "on_epoch_end", dies)


def run(config: Config, splits: Splits, folder: Path) -> str:
    """Train, and give a fingerprint of the result."""
    folder.mkdir(exist_ok=True)
    trained = stages.train(config, splits, Run(folder))
    weights = b"".join(weight.numpy().tobytes() for weight in trained.weights)
    return hashlib.sha256(weights).hexdigest()
