"""A rate for each block, parts that are held, and a rate that warms up and falls."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.freezing.freezer import Freezer
from {{ cookiecutter.package }}.model.network import Network
from {{ cookiecutter.package }}.training import optimizer

ONES = np.ones((2, 3), "float32")
LEFT = np.array([True, False, False])  # a mask that is broadcast


def test_each_block_learns_more_slowly_than_the_one_above(network: Network, config: Config) -> None:
    freezer = Freezer(network, "frozen")
    freezer.freeze(config.stage[0].model_copy(update={"train": ("block:*",)}))
    rates = optimizer.block_rates(freezer, 0.5)
    kernels = [rates[f"{block}_conv/kernel"] for block in reversed(network.blocks)]
    assert kernels == [0.5**depth for depth in range(1, len(network.blocks) + 1)]
    assert not any(path.startswith("head") for path in rates)
    assert set(optimizer.block_rates(freezer, 1.0).values()) == {1.0}


def test_a_variable_moves_by_its_own_rate() -> None:
    fast, slow = (keras.Variable(np.ones(3), name=name) for name in ("fast", "slow"))
    sgd = optimizer.LayerwiseSGD(0.1, rates={slow.path: 0.25}, held={})
    sgd.apply([np.ones(3, dtype="float32")] * 2, [fast, slow])
    np.testing.assert_allclose(1 - fast.numpy(), 0.1, rtol=1e-5)
    np.testing.assert_allclose(1 - slow.numpy(), 0.025, rtol=1e-5)


def test_weight_decay_meets_the_rate_of_the_variable() -> None:
    fast, slow = (keras.Variable(ONES, name=name) for name in ("fast", "slow"))
    adamw = optimizer.LayerwiseAdamW(0.1, weight_decay=0.5, rates={slow.path: 0.1}, held={})
    adamw.apply([0 * ONES] * 2, [fast, slow])
    np.testing.assert_allclose(fast.numpy(), 1 - 0.5 * 0.1, rtol=1e-5)
    np.testing.assert_allclose(slow.numpy(), 1 - 0.5 * 0.01, rtol=1e-5)


@pytest.mark.parametrize("kind", ["LayerwiseSGD", "LayerwiseAdam", "LayerwiseAdamW"])
def test_a_held_part_stays_bit_for_bit_and_the_rest_moves_as_ever(kind: str) -> None:
    """Under momentum and weight decay, through which a masked gradient would leak."""
    values = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    kernel, free = (keras.Variable(values, name=name) for name in ("kernel", "free"))
    more = {"momentum": 0.9, "weight_decay": 0.1} if kind == "LayerwiseSGD" else {}
    made = getattr(optimizer, kind)(0.1, rates={}, held={kernel.path: LEFT}, **more)
    for step in range(3):
        made.apply([(step - 2) * ONES] * 2, [kernel, free])
    assert np.array_equal(kernel.numpy()[:, LEFT], values[:, LEFT])
    assert np.array_equal(kernel.numpy()[:, ~LEFT], free.numpy()[:, ~LEFT])
    assert (free.numpy() != values).all()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sgd", optimizer.LayerwiseSGD),
        ("adam", optimizer.LayerwiseAdam),
        ("adamw", optimizer.LayerwiseAdamW),
    ],
)
def test_the_optimizer_is_the_one_in_config(
    name: str, kind: type, network: Network, config: Config
) -> None:
    freezer = Freezer(network, "frozen")
    stage = config.stage[0].model_copy(update={"train": ("block:*",), "block_decay": 0.5})
    frost = freezer.freeze(stage)
    training = config.training.model_copy(update={"optimizer": name, "weight_decay": 0.25})
    made = optimizer.build(freezer, frost, stage, training, steps=5)
    assert type(made) is kind
    assert made.weight_decay == (None if name == "adam" else 0.25)
    assert made.rates == optimizer.block_rates(freezer, 0.5)
    made.build(network.model.trainable_variables)
    assert made._factors[-1] == 1.0  # the head's


def test_the_rate_warms_up_and_falls(config: Config) -> None:
    stage = config.stage[0].model_copy(
        update={"learning_rate": 0.5, "warmup": 2, "decay": "cosine"}
    )
    rates = [float(optimizer.learning_rate(stage, 10)(step)) for step in range(11)]
    assert rates[0] == 0
    assert max(rates) == pytest.approx(rates[2]) == pytest.approx(0.5)
    assert rates[10] == pytest.approx(0, abs=1e-6)
    for decay in ("constant", "plateau"):
        flat = optimizer.learning_rate(stage.model_copy(update={"decay": decay, "warmup": 0}), 10)
        assert [float(flat(step)) for step in (0, 5, 10)] == pytest.approx([0.5] * 3)
    long = stage.model_copy(update={"warmup": 20})  # half of a short stage at the most
    assert float(optimizer.learning_rate(long, 10)(5)) == pytest.approx(0.5)


def test_a_reduced_rate_is_so_for_all(network: Network) -> None:
    """Whatever their own rates; and also where Keras wraps the optimizer to scale the loss."""
    fast, slow = (keras.Variable(np.ones(3), name=name) for name in ("fast", "slow"))
    sgd = optimizer.LayerwiseSGD(0.1, rates={slow.path: 0.5}, held={})
    scaled = keras.optimizers.LossScaleOptimizer(sgd, initial_scale=1.0)
    scaled.build([fast, slow])
    optimizer.reduce(scaled, 0.5)
    scaled.apply([np.ones(3, dtype="float32")] * 2, [fast, slow])
    np.testing.assert_allclose(1 - fast.numpy(), 0.05, rtol=1e-5)
    np.testing.assert_allclose(1 - slow.numpy(), 0.025, rtol=1e-5)
