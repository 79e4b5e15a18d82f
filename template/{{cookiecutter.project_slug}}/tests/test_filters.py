"""Held filters stay bit for bit as they are while the rest of their layer trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from small import small_network_of

from {{ cookiecutter.package }} import optimizer, stages
from {{ cookiecutter.package }}.config import Config, ConfigError, Stage
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.filters import held_filters, masks
from {{ cookiecutter.package }}.freezing import Freezer
from {{ cookiecutter.package }}.model import Network

AVERAGED = {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 7}
KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "sgd": (optimizer.LayerwiseSGD, {"momentum": 0.9}),
    "sgd with decay": (optimizer.LayerwiseSGD, {"momentum": 0.9, "weight_decay": 0.1}),
    "adam": (optimizer.LayerwiseAdam, {}),
    "adamw": (optimizer.LayerwiseAdamW, {"weight_decay": 0.1}),
    "adamw averaged": (optimizer.LayerwiseAdamW, {"weight_decay": 0.1, **AVERAGED}),
}
HELD = [number % 4 != 1 for number in range(16)]


@pytest.fixture
def layer(network: Network) -> keras.layers.Conv2D:
    """The convolution of the last block."""
    return [x for x in network.layers if isinstance(x, keras.layers.Conv2D)][-1]


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "xla"])
@pytest.mark.parametrize("precision", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_held_filters_stay_under_every_optimizer(precision: str, compiled: bool) -> None:
    """Momentum, weight decay and averages move what a masked gradient would leave alone."""
    trained = []
    for kind in KINDS:
        layer = keras.layers.Conv2D(16, 3, use_bias=False, dtype=precision)
        layer.build((None, 3, 3, 3))
        trained.append((layer, optimizer_of(kind, layer, precision)))

    @tf.function(jit_compile=compiled)
    def step(image: tf.Tensor) -> None:
        for layer, used in trained:
            with tf.GradientTape() as tape:
                answer = tf.cast(layer(image), "float32")
                loss = used.scale_loss(tf.reduce_mean(tf.square(answer - 1)))
            used.apply(tape.gradient(loss, [layer.kernel.value]), [layer.kernel])

    image = tf.constant(np.random.default_rng(0).normal(size=(2, 3, 3, 3)), "float32")
    before = [layer.kernel.numpy() for layer, _ in trained]
    for _ in range(30):
        step(image)
    for kind, (layer, used), kernel in zip(KINDS, trained, before, strict=True):
        used.finalize_variable_values(layer.trainable_variables)
        same = np.all(layer.kernel.numpy() == kernel, axis=(0, 1, 2))
        assert same.tolist() == HELD, kind


def test_held_filters_stay_after_a_model_was_saved_and_loaded(tmp_path: Path) -> None:
    """Training goes on as if there had been no file, in a nested layer as well."""
    convolution = keras.layers.Conv2D(16, 1, dtype="mixed_float16")
    nested = keras.Sequential([convolution], name="nested")
    model = keras.Sequential([keras.Input((2, 2, 3)), nested])
    model.compile(optimizer_of("adamw averaged", convolution, "mixed_float16"), "mse")
    before = convolution.kernel.numpy()
    images = np.random.default_rng(0).normal(size=(4, 2, 2, 3))
    answers = np.ones((4, 2, 2, 16))

    def fit(fitted: keras.Model) -> list[np.ndarray]:
        fitted.fit(images, answers, epochs=10, shuffle=False, verbose=0)
        return [weight.numpy() for weight in fitted.weights]

    fit(model)
    model.save(tmp_path / "model.keras")
    loaded = fit(keras.models.load_model(tmp_path / "model.keras"))
    assert np.all(before == loaded[0], axis=(0, 1, 2)).tolist() == HELD
    for weight, expected in zip(loaded, fit(model), strict=True):
        assert np.array_equal(weight, expected)


def test_an_optimizer_for_other_variables_is_refused() -> None:
    one, two = (keras.Variable(np.ones(2)) for _ in range(2))
    first = optimizer.LayerwiseSGD(0.1, held={one.path: [True, False]})
    first.build([one, two])
    again = optimizer.LayerwiseSGD.from_config(first.get_config())
    with pytest.raises(ValueError, match="made for 2 variables and is given 1"):
        again.build([one])


def test_held_filters_stay_through_a_stage(quick: Config, splits: Splits) -> None:
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    try:
        network = small_network_of(quick)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    layer = [x for x in network.layers if isinstance(x, keras.layers.Conv2D)][-1]
    training = quick.training.model_copy(update={"optimizer": "adamw", "weight_decay": 0.1})
    held = stages_of(quick, layer, "0,2-3").model_copy(
        update={"learning_rate": 0.1, "train": ("block:-1",)}
    )
    changed = quick.model_copy(update={"training": training, "stage": (held,)})
    freezer = Freezer(network, "train")
    _, feed = stages.prepare(network, freezer, changed, splits, held)
    kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
    feed.model.fit(feed.train, epochs=2, steps_per_epoch=feed.steps, shuffle=False, verbose=0)
    moved = np.any(kernel != layer.kernel.numpy(), axis=(0, 1, 2))
    assert moved.tolist() == [False, True, False, False]
    assert (bias != layer.bias.numpy()).tolist() == [False, True, False, False]
    after = next(x for x in network.layers if x.name == layer.name.removesuffix("_conv") + "_bn")
    assert not after.trainable, "a BatchNorm behind held filters would rescale them"


def test_the_audit_sees_a_held_filter_that_changed(
    network: Network, layer: keras.layers.Conv2D, config: Config
) -> None:
    frost = Freezer(network, "frozen").freeze(stages_of(config, layer, "1"))
    before = stages.still_digests(frost)
    kernel = layer.kernel.numpy()
    kernel[..., 1] += 1e-6
    layer.kernel.assign(kernel)
    with pytest.raises(RuntimeError, match="held filters"):
        stages.audit(before, {}, frost)


def test_masks_fit_every_kind_of_convolution() -> None:
    image = keras.Input((8, 8, 3))
    for layer, axis in (
        (keras.layers.Conv2D(4, 3), -1),
        (keras.layers.Conv2DTranspose(4, 3), -2),
        (keras.layers.DepthwiseConv2D(3), -2),
    ):
        layer(image)
        kernel = layer.kernel.numpy()
        count = kernel.shape[axis]
        mask = masks(layer, [number == 1 for number in range(count)])[layer.kernel.path]
        expected = np.zeros_like(kernel)
        np.moveaxis(expected, axis, 0)[1] = 1
        assert np.array_equal(np.broadcast_to(mask, kernel.shape), expected)


def test_a_constraint_is_refused(network: Network, layer: keras.layers.Conv2D) -> None:
    """Keras applies it after the optimizer's step, to every filter."""
    layer.kernel.constraint = keras.constraints.MaxNorm(1.0)
    with pytest.raises(ConfigError, match="constraint"):
        held_filters(network, [f"{layer.name}:0"])


@pytest.mark.parametrize(
    ("spans", "message"),
    [("0-9", "are 0 to 3"), ("x", "write LAYER:FIRST-LAST"), ("3-1", "are 0 to 3")],
)
def test_wrong_filters_are_named(
    network: Network, layer: keras.layers.Conv2D, spans: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        held_filters(network, [f"{layer.name}:{spans}"])
    with pytest.raises(ConfigError, match="no layer 'nothing'"):
        held_filters(network, ["nothing:0-1"])
    with pytest.raises(ConfigError, match="not a plain convolution"):
        held_filters(network, [layer.name.removesuffix("_conv") + "_bn:0"])


def optimizer_of(
    kind: str, layer: keras.layers.Conv2D, precision: str
) -> keras.optimizers.Optimizer:
    """An optimizer of this kind that holds some filters of the layer."""
    name, settings = KINDS[kind]
    if not layer.built:
        layer.build((None, 3, 3, 3))
    held = {path: mask.tolist() for path, mask in masks(layer, HELD).items()}
    made = name(0.1, held=held, **settings)
    if precision == "mixed_float16":
        made = keras.optimizers.LossScaleOptimizer(made, initial_scale=4.0)
    made.build(layer.trainable_variables)
    return made


def stages_of(config: Config, layer: keras.layers.Conv2D, spans: str) -> Stage:
    """A stage that trains everything but some filters of one layer."""
    return config.stage[-1].model_copy(
        update={"train": ("block:*",), "keep_filters": (f"{layer.name}:{spans}",)}
    )
