"""A run that is killed goes on as if nothing had happened, and no run is lost to another."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.finished import finished_run
from helpers.made import MEANING
from helpers.small import small_network_of

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data.batches import in_order
from {{ cookiecutter.package }}.examples import Meaning, Splits
from {{ cookiecutter.package }}.model.network import Network
from {{ cookiecutter.package }}.training import schedule
from {{ cookiecutter.package }}.training.epochs import Epochs
from {{ cookiecutter.package }}.training.run import Progress, Run, finished, open_run, runs


class Killed(BaseException):
    """Stands for a kill: nothing in the project may catch it."""


@pytest.fixture(autouse=True)
def small_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the schedule train the small network."""
    monkeypatch.setattr(schedule, "build", lambda config, meaning: small_network_of(config))


@pytest.fixture(scope="module")
def two_stages(quick: Config) -> Config:
    """A head stage, and one that trains the last block with augmentation."""
    head, last = quick.stage
    stages = (head, last.model_copy(update={"augment": "light"}))
    return quick.model_copy(update={"stage": stages})


@pytest.fixture(scope="module")
def stopped(two_stages: Config, splits: Splits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of a run that was killed amid its second epoch."""
    folder = tmp_path_factory.mktemp("stopped") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "build", lambda config, meaning: small_network_of(config))
        patch.setattr(Epochs, "on_train_batch_end", die_in_second_epoch, raising=False)
        with pytest.raises(Killed):
            run(two_stages, splits, folder)
    progress, _ = Run(folder).load()
    assert (progress.stage, progress.epoch) == (0, 1)
    return folder


def test_a_run_that_is_killed_twice_ends_with_the_same_weights(
    stopped: Path,
    two_stages: Config,
    splits: Splits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second kill damages the newest state: the run goes on from the one before."""
    folder = Path(shutil.copytree(stopped, tmp_path / "killed"))
    with monkeypatch.context() as patch:
        kill_after(3, patch)
        with pytest.raises(Killed):
            run(two_stages, splits, folder)
    with (folder / "state.npz").open("r+b") as file:
        file.truncate(100)
    (folder / "state.next.npz.1.new").write_bytes(b"what a kill cut off")
    assert Run(folder).load()[0].epoch == 1
    assert run(two_stages, splits, folder) == run(two_stages, splits, tmp_path / "whole")
    histories = [(where / "history.csv").read_text() for where in (folder, tmp_path / "whole")]
    columns = [[row.split(",")[:2] for row in text.splitlines()] for text in histories]
    assert columns[0] == columns[1]
    assert not list(folder.glob("*.new"))


def test_a_state_that_cannot_be_read_gives_way_to_its_spare(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert run.load() == (Progress(), {})
    for number in range(12):  # more than ten arrays: their order is not that of their names
        run.save(Progress(epoch=number), {"changing": [np.full(2, n + number) for n in range(12)]})
    progress, arrays = run.load()
    assert progress.epoch == 11
    assert [int(array[0]) for array in arrays["changing"]] == list(range(11, 23))
    for damaged in (b"", b"no archive", run.state.read_bytes()[:-30]):
        run.state.write_bytes(damaged)
        assert run.load()[0].epoch == 10


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b"no archive"), Path.unlink])
def test_a_run_whose_state_is_lost_does_not_begin_again_without_a_word(
    damage: Callable[[Path], object], tmp_path: Path
) -> None:
    run = Run(tmp_path)
    for number in range(2):
        run.save(Progress(epoch=number, history=[{"epoch": 1}]), {})
    damage(run.state)
    damage(run.previous)
    with pytest.raises(ConfigError, match="has lost its last state; start anew with --fresh"):
        run.load()


def test_a_kill_between_the_state_and_its_history_loses_no_line(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.save(Progress(history=[{"epoch": 1}, {"epoch": 2}]), {})
    whole = run.history.read_text()
    run.history.write_text("epoch\n1\n")
    Run(tmp_path).load()
    assert run.history.read_text() == whole


def test_a_stage_that_began_from_a_damaged_file_is_not_gone_on_with(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.save_base(0, [keras.Variable([1.0, 2.0])])
    (tmp_path / "stage-0.npz").write_bytes(bytes(500))
    with pytest.raises(ConfigError, match=r"stage-0\.npz is damaged .* start anew with --fresh"):
        run.load_base(0, [keras.Variable([1.0, 2.0])])


def begin(root: Path, config: Config, fresh: bool = False, name: str | None = None) -> Run:
    """Open a run that has got to its first step."""
    run = open_run(root, config, fresh, name)
    run.begin(config)
    run.save_base(0, ())
    return run


def with_seed(config: Config, seed: int) -> Config:
    return config.model_copy(update={"training": config.training.model_copy(update={"seed": seed})})


def test_a_changed_config_is_named(quick: Config, tmp_path: Path) -> None:
    first = begin(tmp_path, quick)
    assert open_run(tmp_path, quick, fresh=False).folder == first.folder
    changed = with_seed(quick, 99)
    with pytest.raises(ConfigError, match=r"is unfinished, .* changed since in: training\.seed"):
        open_run(tmp_path, changed, fresh=False)
    assert open_run(tmp_path, changed, fresh=True).folder != first.folder


def test_an_unfinished_run_goes_on_when_its_settings_come_back(
    quick: Config, tmp_path: Path
) -> None:
    """Whatever was started with other settings since then, and whether that has finished."""
    first = begin(tmp_path, quick)
    second = begin(tmp_path, with_seed(quick, 99), fresh=True)
    assert open_run(tmp_path, quick, fresh=False).folder == first.folder
    assert open_run(tmp_path, with_seed(quick, 99), fresh=False).folder == second.folder
    second.finish(small_network_of(quick).model, MEANING)
    assert open_run(tmp_path, quick, fresh=False).folder == first.folder
    first.finish(small_network_of(quick).model, MEANING)
    assert [run.folder.name for run in runs(tmp_path)] == ["1", "2"]


def test_a_finished_run_with_the_same_settings_is_not_trained_again(
    quick: Config, tmp_path: Path
) -> None:
    first = begin(tmp_path, quick)
    first.finish(small_network_of(quick).model, MEANING)
    assert open_run(tmp_path, quick, fresh=False).model.exists()
    assert open_run(tmp_path, quick, fresh=True).folder.name == "2"
    assert open_run(tmp_path, with_seed(quick, 99), fresh=False).folder.name == "2"


def test_a_run_that_failed_before_its_first_step_is_no_run(quick: Config, tmp_path: Path) -> None:
    first = open_run(tmp_path, quick, fresh=False)
    first.begin(quick)
    mended = quick.model_copy(update={"stage": quick.stage[:1]})
    again = open_run(tmp_path, mended, fresh=False)
    again.begin(mended)
    assert again.folder == first.folder
    known = json.loads((again.folder / "config.json").read_text(encoding="utf-8"))
    assert len(known["stage"]) == 1


def test_a_run_keeps_the_settings_that_it_was_started_with(quick: Config, tmp_path: Path) -> None:
    run = begin(tmp_path, quick)
    run.begin(with_seed(quick, 99))  # it has begun
    known = json.loads((run.folder / "config.json").read_text(encoding="utf-8"))
    assert known == json.loads(quick.model_dump_json())
    assert run.changed(quick) == []
    assert run.changed(with_seed(quick, 99)) == ["training.seed"]


def test_a_run_may_have_a_name(quick: Config, tmp_path: Path) -> None:
    named = begin(tmp_path, quick, name="all-at-once")
    assert named.folder == tmp_path / "all-at-once"
    assert open_run(tmp_path, quick, False, "all-at-once").folder == named.folder
    other = begin(tmp_path, with_seed(quick, 99), name="seed-99")
    assert [run.folder.name for run in (named, other)] == ["all-at-once", "seed-99"]
    with pytest.raises(ConfigError, match="was trained with other settings; choose another name"):
        open_run(tmp_path, with_seed(quick, 99), False, "all-at-once")
    with pytest.raises(ConfigError, match="all-at-once exists; choose another name"):
        open_run(tmp_path, quick, True, "all-at-once")
    assert begin(tmp_path, with_seed(quick, 98), fresh=True).folder.name == "1"
    for name in ("../up", "a/b", ".hidden", "a b", "-x"):
        with pytest.raises(ConfigError, match="letters, digits"):
            open_run(tmp_path, quick, False, name)
    assert not (tmp_path.parent / "up").exists()


def test_the_newest_finished_run_is_used_unless_one_is_named(quick: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no finished run in .*runs; train first"):
        finished(tmp_path / "runs")
    for seconds, name in enumerate(("old", "new")):
        run = finished_run(quick, tmp_path, name)
        os.utime(run.settings, (seconds, seconds))
    begin(tmp_path / "runs", with_seed(quick, 99), name="unfinished")
    assert finished(tmp_path / "runs").folder.name == "new"
    assert finished(tmp_path / "runs", "old").folder.name == "old"
    with pytest.raises(ConfigError, match=r"there is no finished run .*unfinished"):
        finished(tmp_path / "runs", "unfinished")


def test_the_saved_model_says_what_the_trained_one_said(
    network: Network, config: Config, splits: Splits, tmp_path: Path
) -> None:
    """Preprocessing is part of the file, so serving sees what training saw."""
    run = begin(tmp_path, config)
    run.save(Progress(), {})
    run.finish(network.model, MEANING)
    served = keras.models.load_model(run.model)
    images, _ = next(iter(in_order(splits.test, config.data)))
    assert np.array_equal(served(images), network.model(images))
    assert Meaning.load(run.folder / "meaning.json") == MEANING
    left = {file.name for file in run.folder.iterdir()}
    assert left == {"config.json", "history.csv", "meaning.json", "model.keras"}


def die_in_second_epoch(epochs: Epochs, *_: object, **__: object) -> None:
    if epochs.progress.epoch == 1:
        raise Killed


def kill_after(epochs: int, patch: pytest.MonkeyPatch) -> None:
    """Die once so many epochs of the schedule are saved."""
    real: Callable[..., None] = Epochs.on_epoch_end
    done = []

    def dies(self: Epochs, *args: object, **kwargs: object) -> None:
        real(self, *args, **kwargs)
        done.append(1)
        if len(done) == epochs:
            raise Killed

    patch.setattr(Epochs, "on_epoch_end", dies)


def run(config: Config, splits: Splits, folder: Path) -> str:
    """Train, and give a fingerprint of the result."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(config.model_dump_json(), encoding="utf-8")
    schedule.train(config, splits, Run(folder))
    trained = keras.models.load_model(folder / "model.keras", compile=False)
    weights = b"".join(weight.numpy().tobytes() for weight in trained.weights)
    return hashlib.sha256(weights).hexdigest()
