"""Within a stage: rates per block, the best weights, and when to stop."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }} import optimizer, stages, task
from {{ cookiecutter.package }}.checkpoint import Progress, Run
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.freezing import Freezer
from {{ cookiecutter.package }}.keeper import Keeper
from {{ cookiecutter.package }}.model import Network


def test_each_block_learns_more_slowly_than_the_one_above(network: Network, config: Config) -> None:
    Freezer(network, "frozen").freeze(config.stage[0].model_copy(update={"train": ("block:*",)}))
    rates = optimizer.block_rates(network, 0.5)
    blocks = list(dict.fromkeys(leaf.block for leaf in network.leaves))
    kernels = [rates[f"{block}_conv/kernel"] for block in reversed(blocks)]
    assert kernels == [0.5**depth for depth in range(1, len(blocks) + 1)]
    assert not any(path.startswith("head") for path in rates)
    assert optimizer.block_rates(network, 1.0) == {}


def test_a_variable_moves_by_its_own_rate() -> None:
    fast, slow = (keras.Variable(np.ones(3), name=name) for name in ("fast", "slow"))
    sgd = optimizer.LayerwiseSGD(0.1, rates={slow.path: 0.25})
    sgd.apply([np.ones(3, dtype="float32")] * 2, [fast, slow])
    np.testing.assert_allclose(1 - fast.numpy(), 0.1, rtol=1e-5)
    np.testing.assert_allclose(1 - slow.numpy(), 0.025, rtol=1e-5)


def test_an_optimizer_survives_its_own_description() -> None:
    sgd = optimizer.LayerwiseSGD(0.1, rates={"slow": 0.25}, held={"kernel": [True, False]})
    again = keras.optimizers.deserialize(keras.optimizers.serialize(sgd))
    assert (again.rates, again.held) == (sgd.rates, sgd.held)


def test_the_rate_warms_up_and_falls(config: Config) -> None:
    stage = config.stage[0].model_copy(
        update={"learning_rate": 0.5, "warmup": 0.2, "decay": "cosine"}
    )
    rates = [float(optimizer.learning_rate(stage, 10)(step)) for step in range(11)]
    assert rates[0] == 0
    assert max(rates) == pytest.approx(rates[2]) == pytest.approx(0.5)
    assert rates[10] == pytest.approx(0, abs=1e-6)
    steady = stage.model_copy(update={"decay": "constant", "warmup": 0.0})
    flat = optimizer.learning_rate(steady, 10)
    assert [float(flat(step)) for step in (0, 5, 10)] == pytest.approx([0.5] * 3)


def test_a_stage_ends_with_its_best_weights_and_stops_in_time(
    network: Network, config: Config, tmp_path: Path
) -> None:
    stage = config.stage[0].model_copy(update={"train": (), "patience": 2, "epochs": 9})
    frost = Freezer(network, "frozen").freeze(stage)
    keeper = Keeper(Run(tmp_path), Progress(), tuple(network.model.variables))
    keeper.set_model(network.model)
    network.model.stop_training = False
    keeper.watch(stage, frost, keras.optimizers.SGD())
    kernel = frost.trainable[0]
    for epoch, value in enumerate((3.0, 2.0, 2.5, 2.4)):
        kernel.assign(np.full(kernel.shape, value))
        keeper.on_epoch_begin(epoch)
        assert not keeper.progress.stopped
        keeper.on_epoch_end(epoch, {task.MONITOR: value, "loss": value})
    assert keeper.progress.stopped
    assert network.model.stop_training
    keeper.restore_best()
    assert np.unique(kernel.numpy()) == [2.0]

    later = Keeper(Run(tmp_path), *Run(tmp_path).load()[:1], tuple(network.model.variables))
    later.watch(stage, frost, keras.optimizers.SGD())
    later.restore(Run(tmp_path).load()[1])
    assert later.progress.stopped
    assert np.unique(kernel.numpy()) == [np.float32(2.4)]
    later.restore_best()
    assert np.unique(kernel.numpy()) == [2.0]


def test_a_later_stage_that_cannot_be_is_refused_before_the_first_trains(
    network: Network,
    config: Config,
    splits: Splits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = config.stage[0].model_copy(update={"name": "late", "train": ("no_such_layer",)})
    longer = config.model_copy(update={"stage": (*config.stage, wrong)})
    monkeypatch.setattr(stages, "build", lambda *_: network)
    with pytest.raises(ConfigError, match="'late'"):
        stages.train(longer, splits, Run(tmp_path))
    assert not list(tmp_path.iterdir())
