"""Claims about optimizers: what they remember, and what they do to what should stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from claims.registry import claim
from claims.small import RETRACED, fit, images, keras_is, numbers, of, plain, prepare

HELD = np.array([True, False, True, False])


class Factors:
    """Gives variables a rate of their own in the update step, weight decay included."""

    factors: dict[str, float]

    def build(self, variables: list[Any]) -> None:
        self.by_position = [self.factors[variable.path] for variable in variables]
        super().build(variables)

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        """It is part of the update step."""

    def update_step(self, gradient: Any, variable: Any, rate: Any) -> None:
        rate = rate * self.by_position[self._get_variable_index(variable)]
        if self.weight_decay:
            self.assign_sub(variable, variable * ops.cast(self.weight_decay * rate, variable.dtype))
        super().update_step(gradient, variable, rate)


class FactoredAdamW(Factors, keras.optimizers.AdamW):
    """AdamW, so."""


class Holding:
    """Puts back in the update step what is to be held, weight decay included."""

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        """It is part of the update step."""

    def update_step(self, gradient: Any, variable: Any, rate: Any) -> None:
        before = ops.copy(variable)
        if self.weight_decay:
            self.assign_sub(variable, variable * ops.cast(self.weight_decay * rate, variable.dtype))
        super().update_step(gradient, variable, rate)
        if variable.shape[-1] == len(HELD):
            self.assign(variable, ops.where(HELD, before, variable))


class HoldingAdamW(Holding, keras.optimizers.AdamW):
    """AdamW, so."""


class HoldingSGD(Holding, keras.optimizers.SGD):
    """Gradient descent, so."""


class Masking(keras.Model):
    """The recipe one finds: gradients of the filters to hold are set to zero."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
        variables = self.trainable_variables
        free = ops.cast(~HELD, "float32")
        gradients = [
            g * free if v.shape[-1] == len(HELD) else g
            for g, v in zip(tape.gradient(loss, variables), variables, strict=True)
        ]
        self.optimizer.apply(gradients, variables)
        return {"loss": loss}


def filters(kind: type = keras.Model) -> keras.Model:
    """A convolution of four filters; its bias is not 0, so that decay would show."""
    keras.utils.set_random_seed(0)
    given = keras.Input((8, 8, 3))
    hidden = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3, name="conv")(given))
    model = kind(given, layers.Dense(3, "softmax", name="top")(hidden))
    model.get_layer("conv").bias.assign([0.1, 0.2, 0.3, 0.4])
    return model


def drift(model: keras.Model, optimizer: Any) -> float:
    """How far what should be held has moved after an epoch of four steps."""
    before = [weight.numpy()[..., HELD] for weight in model.get_layer("conv").weights]
    rest = model.get_layer("conv").kernel.numpy()[..., ~HELD]
    fit(prepare(model, optimizer), batch=4)
    after = [weight.numpy()[..., HELD] for weight in model.get_layer("conv").weights]
    assert not np.array_equal(model.get_layer("conv").kernel.numpy()[..., ~HELD], rest)
    return max(float(np.abs(old - new).max()) for old, new in zip(before, after, strict=True))


@claim("S3.4", "trainable cannot freeze single filters of a convolution.", "true", "seed 3")
def test_filters_share_a_variable() -> None:
    """All filters are one variable with one flag; `--freeze filters` works inside the optimizer."""
    layer = filters().get_layer("conv")
    assert [weight.name for weight in layer.trainable_weights] == ["kernel", "bias"]
    assert layer.kernel.shape[-1] == len(HELD)


@claim("S3.5", "Holding single filters takes more sophisticated techniques.", "true", "seed 3")
def test_the_update_step_holds_filters() -> None:
    """Put back in the optimizer's update step, they stay bit for bit under SGD and under AdamW."""
    momentum = HoldingSGD(0.05, momentum=0.9, weight_decay=0.01)
    assert drift(filters(), momentum) == 0
    assert drift(filters(), HoldingAdamW(0.01, weight_decay=0.1)) == 0


@claim("M1", "Zero gradients hold filters under SGD with momentum and under Adam.", "true")
def test_a_masked_gradient_holds_from_the_start() -> None:
    """So they do where they are zero from the first step, when there is no momentum yet."""
    assert drift(filters(Masking), keras.optimizers.SGD(0.05, momentum=0.9)) == 0
    assert drift(filters(Masking), keras.optimizers.Adam(0.01)) == 0


@claim("M2", "Zero gradients do not hold filters against weight decay.", "true")
def test_weight_decay_moves_masked_filters() -> None:
    """AdamW and SGD with decay shrink them at every step."""
    assert drift(filters(Masking), keras.optimizers.AdamW(0.01, weight_decay=0.1)) > 1e-5
    decay = keras.optimizers.SGD(0.05, momentum=0.9, weight_decay=0.01)
    assert drift(filters(Masking), decay) > 1e-5


@claim("M3", "Zero gradients do not stop what momentum already moves.", "true")
def test_momentum_outlives_the_gradient() -> None:
    """An Adam that has taken one step moves the variable on, at a gradient of zero."""
    for optimizer in (keras.optimizers.SGD(0.1, momentum=0.9), keras.optimizers.Adam(0.1)):
        variable = keras.Variable([1.0])
        optimizer.apply([ops.ones(1)], [variable])
        after_one = float(variable[0])
        optimizer.apply([ops.zeros(1)], [variable])
        assert float(variable[0]) != after_one


@claim("M4", "The averages of an EMA move what is held, by rounding.", "true")
def test_an_average_of_equal_numbers_is_rounded() -> None:
    """0.99 a + 0.01 a is not a for every a: held filters need the average put back too."""
    values = np.random.default_rng(0).random(1000, "float32")
    variable = keras.Variable(values)
    optimizer = keras.optimizers.SGD(0.0, use_ema=True, ema_momentum=0.99)
    for _ in range(3):
        optimizer.apply([ops.zeros(1000)], [variable])
    average = optimizer._model_variables_moving_average[0].numpy()
    assert not np.array_equal(average, values)


@claim("M5", "The BatchNorm after held filters changes what they put out.", "true")
def test_batch_norm_moves_the_output_of_held_filters() -> None:
    """Its channels need holding as well: here it moves the outputs of a frozen convolution."""
    given = keras.Input((8, 8, 3))
    hidden = layers.Conv2D(4, 3, name="conv", trainable=False)(given)
    hidden = layers.BatchNormalization(name="bn")(hidden)
    filtered = keras.Model(given, hidden)
    hidden = layers.GlobalAveragePooling2D()(hidden)
    model = keras.Model(given, layers.Dense(3, "softmax")(hidden))
    x = images()[0]
    before = filtered.predict(x, verbose=0)
    assert not fit(prepare(model)) & of(model, "conv")
    assert np.abs(filtered.predict(x, verbose=0) - before).max() > 0.01


@claim("M6", "Filters are the last axis of a kernel, but not in a transposed convolution.", "true")
def test_the_axis_of_filters() -> None:
    """Last in Conv2D, next to last in Conv2DTranspose, channel times factor in DepthwiseConv2D."""
    shapes = {}
    for layer in (
        layers.Conv2D(5, 3),
        layers.Conv2DTranspose(5, 3),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
    ):
        layer.build((None, 8, 8, 4))
        shapes[type(layer).__name__] = tuple(layer.weights[0].shape)
    assert shapes == {
        "Conv2D": (3, 3, 4, 5),
        "Conv2DTranspose": (3, 3, 5, 4),
        "DepthwiseConv2D": (3, 3, 4, 2),
    }


@claim("F3", "An optimizer kept over an unfreeze raises in the next fit.", "true")
def test_an_old_optimizer_does_not_take_new_variables() -> None:
    """Recompiled with the same optimizer, unfreezing raises and freezing more works."""
    optimizer = keras.optimizers.SGD()
    model = plain()
    model.get_layer("low").trainable = False
    fit(prepare(model, optimizer))
    model.get_layer("low").trainable = True
    prepare(model, optimizer)
    with pytest.raises(ValueError, match=RETRACED):
        fit(model)
    optimizer = keras.optimizers.SGD()
    model = prepare(plain(), optimizer)
    fit(model)
    model.get_layer("low").trainable = False
    assert fit(prepare(model, optimizer)) == of(model, "top")


@claim("F3b", "A compile by name makes a new optimizer: no moments, no steps.", "true")
def test_a_new_optimizer_starts_at_nothing() -> None:
    """After a fit it had taken steps; recompiled, it has taken none."""
    model = prepare(plain(), "adam")
    fit(model)
    assert int(model.optimizer.iterations) == 2
    assert int(prepare(model, "adam").optimizer.iterations) == 0


@claim("F4", "EMA averages of an old optimizer go to other layers.", "true")
def test_averages_are_matched_by_position() -> None:
    """With `low` frozen afterwards, `top` is given the average that was `low`'s, without a word."""
    given = keras.Input((4,))
    hidden = layers.Dense(4, name="low")(given)
    model = keras.Model(given, layers.Dense(4, name="top")(hidden))
    x = numbers()[0]
    optimizer = keras.optimizers.SGD(0.0, use_ema=True)
    model.compile(optimizer, "mse")
    model.fit(x, x, verbose=0)
    low, top = (model.get_layer(name).kernel.numpy() for name in ("low", "top"))
    assert np.abs(low - top).max() > 0.1
    model.get_layer("low").trainable = False
    model.compile(optimizer, "mse")
    model.fit(x, x, verbose=0)
    assert np.allclose(model.get_layer("top").kernel, low, atol=0.02)


@claim("F8", "keras.optimizers.MultiOptimizer gives groups rates.", "version-dependent")
def test_multi_optimizer() -> None:
    """New in Keras 3.15; a pattern that matches nothing is silent, and it has no learning rate."""
    assert hasattr(keras.optimizers, "MultiOptimizer") == keras_is("3.15")
    if keras_is("3.15"):
        several = multi({"nowhere": keras.optimizers.SGD(0.0)}, keras.optimizers.SGD(0.1))
        model = prepare(plain(), several)
        assert fit(model) == of(model, "low", "top")
        with pytest.raises(AttributeError):
            several.learning_rate  # noqa: B018


def multi(rates: dict[str, Any], default: Any) -> Any:
    return keras.optimizers.MultiOptimizer(keras.optimizers.OptimizerMap(default, rates))


@claim("F9", "A factor in the update step is a learning rate for a variable.", "true")
def test_a_factor_in_the_update_step() -> None:
    """With one factor, bit for bit an AdamW of that rate; a factor on gradients changes nothing."""
    rates = (0.1, 1.0)
    models = [plain() for _ in range(3)]
    paths = [weight.path for weight in models[0].weights]
    for model, rate in zip(models[:2], rates, strict=True):
        prepare(model, keras.optimizers.AdamW(0.01 * rate, weight_decay=0.1))
    mixed = FactoredAdamW(0.01, weight_decay=0.1)
    mixed.factors = {path: rates[path.startswith("top")] for path in paths}
    prepare(models[2], mixed)
    x, y = numbers(8)
    for model in models:
        model.train_on_batch(x, y)
    slow, fast, both = models
    assert not np.array_equal(slow.get_layer("low").kernel, fast.get_layer("low").kernel)
    assert np.array_equal(both.get_layer("low").kernel, slow.get_layer("low").kernel)
    assert np.array_equal(both.get_layer("top").kernel, fast.get_layer("top").kernel)
    variables = [keras.Variable([1.0]), keras.Variable([1.0])]
    adam = keras.optimizers.Adam(0.01)
    adam.apply([ops.ones(1), ops.ones(1) * 0.1], variables)
    assert float(variables[0][0]) < 0.995
    assert float(variables[0][0]) == pytest.approx(float(variables[1][0]), abs=1e-6)


@claim("F9b", "An optimizer of one's own is saved and loaded with its settings.", "true")
def test_an_optimizer_of_ones_own_is_saved(tmp_path: Path) -> None:
    """When it is registered as serialisable and get_config tells them."""

    @keras.saving.register_keras_serializable("claims")
    class Own(keras.optimizers.SGD):
        def __init__(self, *args: Any, held: list[int] | None = None, **options: Any) -> None:
            super().__init__(*args, **options)
            self.held = held

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "held": self.held}

    model = prepare(plain(), Own(held=[1, 2]))
    fit(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is Own
    assert loaded.optimizer.held == [1, 2]
