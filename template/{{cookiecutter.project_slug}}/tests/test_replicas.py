"""Several devices learn together what one learns alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from small import small_network_of

from {{ cookiecutter.package }} import machines, replicas, stages, workers
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits

TWO = ["CPU:0", "CPU:1"]


@pytest.fixture(autouse=True)
def small_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The schedule trains the small network without dropout, whose masks differ by device."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stages, "build", lambda config, meaning: still_network(config))


def still_network(config: Config) -> object:
    network = small_network_of(config)
    for layer in network.model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    return network


def trained(
    config: Config, splits: Splits, folder: Path, strategy: tf.distribute.Strategy
) -> tuple[list[dict[str, float]], list[np.ndarray]]:
    """The history of a run on some devices, and the weights at its end."""
    folder.mkdir()
    history: list[dict[str, float]] = []
    with pytest.MonkeyPatch.context() as patch, workers.together(strategy):
        patch.setattr(Run, "drop_state", lambda run: history.extend(run.load()[0].history))
        model = stages.train(config, splits, Run(folder))
    return history, [weight.numpy() for weight in model.weights]


def test_two_devices_learn_what_one_learns(quick: Config, splits: Splits, tmp_path: Path) -> None:
    """With BatchNorm training, and batches of 4 and 3: the second does not divide evenly."""
    backbone = quick.backbone.model_copy(update={"batch_norm": "train"})
    rate = quick.stage[0].learning_rate  # high enough for a wrong share of a batch to show
    stage = quick.stage[-1].model_copy(update={"learning_rate": rate})
    config = quick.model_copy(update={"backbone": backbone, "stage": (stage,)})
    odd = Splits(splits.meaning, splits.train.rows(np.arange(7)), splits.validation, splits.test)
    alone, weights = trained(config, odd, tmp_path / "one", tf.distribute.get_strategy())
    both, same = trained(config, odd, tmp_path / "two", tf.distribute.MirroredStrategy(TWO))
    for column in ("loss", "val_loss"):
        expected = [row[column] for row in alone]
        assert len(set(expected)) == len(expected), "nothing was learnt"
        np.testing.assert_allclose([row[column] for row in both], expected, atol=1e-5)
    for one, other in zip(weights, same, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(("count", "size"), [(20, 4), (23, 8), (8, 8), (30, 12)])
def test_every_batch_is_shared_out_whole(
    count: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers with two devices each see in every step what one device sees."""
    order = np.random.default_rng(1).permutation(count)
    seen: list[list[np.ndarray]] = []
    for worker in range(2):
        monkeypatch.setattr(replicas, "team", lambda worker=worker: workers.Team(4, 2, worker))
        part = replicas.part(count, size)
        batches = part.cut(part.of(tf.constant(order)).batch(replicas.each(size)))
        seen.append([batch.numpy() for batch in batches])
        assert list(map(len, seen[-1])) == part.sizes.tolist()
    for step, start in enumerate(range(0, count, size)):
        both = [parts[2 * step + device] for parts in seen for device in range(2)]
        assert max(map(len, both)) - min(map(len, both)) <= 1
        np.testing.assert_array_equal(np.concatenate(both), order[start : start + size])


@pytest.mark.parametrize(
    ("count", "size", "said"), [(20, 6, "equally"), (3, 8, "equally"), (17, 8, "one of 1")]
)
def test_a_batch_that_cannot_be_shared_is_refused(
    count: int, size: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "team", lambda: workers.Team(4))
    with pytest.raises(ConfigError, match=f"{said}.*batch_size"):
        replicas.part(count, size)


@pytest.mark.parametrize(("rule", "factor"), [("none", 1), ("linear", 4), ("sqrt", 2)])
def test_a_batch_for_each_device_may_raise_the_rate(
    rule: str, factor: float, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "team", lambda: workers.Team(4))
    devices = config.devices.model_copy(update={"batch": "each", "scale_rate": rule})
    scaled = machines.scaled(config.model_copy(update={"devices": devices}))
    assert scaled.data.batch_size == 4 * config.data.batch_size
    rates = [stage.learning_rate for stage in scaled.stage]
    assert rates == [stage.learning_rate * factor for stage in config.stage]
    whole = config.model_copy(update={"devices": devices.model_copy(update={"batch": "whole"})})
    assert machines.scaled(whole) == whole


def test_only_the_chief_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "team", lambda: workers.Team(2, 2, 1))
    Run(tmp_path).save_base(0, ())
    Run(tmp_path).save_frost(0, ())
    assert not list(tmp_path.iterdir())


def test_a_worker_that_is_gone_is_a_sentence() -> None:
    with (
        pytest.raises(workers.WorkerLost, match="start all of them again"),
        workers.together(tf.distribute.get_strategy()),
    ):
        raise tf.errors.UnavailableError(None, None, "Socket closed")


def test_a_worker_that_differs_from_the_chief_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "from_chief", lambda find: 3)
    workers.agree(3, "no")
    with pytest.raises(workers.WorkerLost, match="not the same"):
        workers.agree(2, "not the same")


def test_one_device_unless_several_are_asked_for(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "kits", list)
    monkeypatch.delenv("TF_CONFIG", raising=False)
    counts = {"auto": 1, "one": 1, "mirrored": 2}  # small.py splits the CPU in two
    for name, count in counts.items():
        devices = config.devices.model_copy(update={"strategy": name})
        assert machines.choose(devices).num_replicas_in_sync == count
    mirrored = config.model_copy(update={"devices": devices})
    assert machines.choose(machines.alone(mirrored).devices).num_replicas_in_sync == 1
    lone = config.devices.model_copy(update={"strategy": "workers"})
    with pytest.raises(ConfigError, match="kit `distribute`"):
        machines.choose(lone)
    monkeypatch.setenv("TF_CONFIG", "{}")
    with pytest.raises(ConfigError, match="kit `distribute`"):
        machines.choose(config.devices.model_copy(update={"strategy": "auto"}))


def test_what_is_asked_for_after_every_epoch_is_begun_once_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keras begins batches that it can count a second time, for nobody."""
    iterators: list[tf.data.Dataset] = []
    begin = tf.data.Dataset.__iter__

    def note(dataset: tf.data.Dataset) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
        iterators.append(dataset)
        return begin(dataset)

    monkeypatch.setattr(tf.data.Dataset, "__iter__", note)
    ones = np.ones((4, 1)), np.ones((4, 1))
    batches, steps = replicas.anew(tf.data.Dataset.from_tensor_slices(ones).batch(2), 2)
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(*ones, epochs=3, validation_data=batches, validation_steps=steps, verbose=0)
    assert sum(dataset is batches for dataset in iterators) == 3
