"""Claims about BatchNorm, and about what else changes in a network that is frozen."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from claims.registry import claim
from claims.small import (
    body,
    fit,
    flat,
    images,
    keras_is,
    moved,
    nested,
    network,
    of,
    prepare,
)

STATISTICS = {"bn/moving_mean", "bn/moving_variance"}
AFFINE = {"bn/gamma", "bn/beta"}


def without_norm(model: keras.Model) -> set[str]:
    return of(model, "conv", "top")


@claim("S2.11", "BatchNorm updates its statistics even when it is frozen.", "outdated", "seed 2")
def test_frozen_batch_norm_stays() -> None:
    """Not since TensorFlow 2: trainable = False is inference mode, and no bit of it moves."""
    base = body()
    base.get_layer("bn").trainable = False
    model = prepare(flat(base), "adam")
    assert fit(model) == without_norm(model)


@claim(
    "S2.12", "Keep BatchNorm trainable in a frozen network, for stability.", "outdated", "seed 2"
)
def test_trainable_batch_norm_moves_in_a_frozen_network() -> None:
    """Then its statistics, scale and shift move, and with them what the frozen layers put out."""
    base = body()
    base.get_layer("conv").trainable = False
    before = base.predict(images()[0], verbose=0)
    model = prepare(flat(base))
    assert fit(model) == of(model, "bn", "top")
    assert np.abs(base.predict(images()[0], verbose=0) - before).max() > 0.01


@claim(
    "S2.13", "Setting BatchNorm's trainable to False is the wrong approach.", "outdated", "seed 2"
)
def test_frozen_batch_norm_is_in_inference_mode() -> None:
    """It is the approach that works: training and inference give the same bits."""
    base = body()
    x = images()[0]
    assert not np.array_equal(base(x, training=True), base(x, training=False))
    base.get_layer("bn").trainable = False
    assert np.array_equal(base(x, training=True), base(x, training=False))


@claim("B1", "A frozen BatchNorm is bit for bit what it was, in every mode.", "true")
def test_frozen_batch_norm_stays_in_every_mode() -> None:
    """Graph, XLA and eager."""
    for options in ({}, {"jit_compile": True}, {"run_eagerly": True}):
        base = body()
        base.get_layer("bn").trainable = False
        model = prepare(flat(base), **options)
        assert not fit(model) & of(model, "bn"), options


@claim(
    "B2", "base(x, training=False) holds BatchNorm during fit.", "version-dependent", "the guide"
)
def test_the_recorded_flag() -> None:
    """Not up to Keras 3.15, where fit's own flag wins; the recorded one wins from 3.16 on."""
    for model in (nested(body(), training=False), single(training=False)):
        held = not fit(prepare(model)) & STATISTICS
        assert held == (keras_is("3.16.dev0"))


def single(**options: bool) -> keras.Model:
    given = keras.Input((8, 8, 3))
    hidden = layers.BatchNormalization(name="bn")(given, **options)
    hidden = layers.GlobalAveragePooling2D()(hidden)
    return keras.Model(given, layers.Dense(3, "softmax")(hidden))


@claim("B2b", "A Sequential that holds the backbone trains its BatchNorm likewise.", "true")
def test_sequential_trains_batch_norm() -> None:
    """Unfrozen, its statistics move in fit; only the flag of each BatchNorm holds them."""
    base = body()
    parts = [layers.GlobalAveragePooling2D(), layers.Dense(3, "softmax", name="top")]
    model = keras.Sequential([keras.Input((8, 8, 3)), base, *parts])
    assert fit(prepare(model)) >= of(model, "bn")
    base.get_layer("bn").trainable = False
    assert not fit(prepare(model)) & of(model, "bn")


@claim("B2c", "A subclassed model that calls base(x, training=False) does hold it.", "true")
def test_a_subclass_holds_the_flag() -> None:
    """The call is its own then, and the statistics stay while the convolution trains."""

    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.base = body()
            self.pool = layers.GlobalAveragePooling2D()
            self.top = layers.Dense(3, "softmax", name="top")

        def call(self, x: object, training: bool | None = None) -> object:
            return self.top(self.pool(self.base(x, training=False)))

    x, y = images()
    model = prepare(Own())
    model(x)
    found = moved(model.base, lambda: model.fit(x, y, batch_size=8, verbose=0))
    assert found == of(model.base, "conv") | AFFINE


@claim("B3", "BatchNorm's statistics move at learning rate 0 as well.", "true")
def test_statistics_move_without_learning() -> None:
    """Also with every variable, but no layer, frozen: then they are all that moves."""
    model = prepare(flat(body()), keras.optimizers.SGD(0.0))
    assert fit(model) == STATISTICS
    model = flat(body())
    for variable in model.trainable_variables:
        variable.trainable = False
    prepare(model)
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        assert fit(model) == STATISTICS


@claim("B3b", "A forward pass in training mode moves the statistics; predict does not.", "true")
def test_a_forward_pass_moves_statistics() -> None:
    """model(x, training=True) moves them; predict and evaluate leave every weight."""
    model = prepare(flat(body()))
    x, y = images()
    assert moved(model, lambda: model(x, training=True)) == STATISTICS
    assert moved(model, lambda: model.predict(x, verbose=0)) == set()
    assert moved(model, lambda: model.evaluate(x, y, verbose=0)) == set()


@claim("B4", "Statistics can follow the data while scale and shift stay.", "true")
def test_statistics_adapt_alone() -> None:
    """With bn.trainable True and the flags of gamma and beta False; `batch_norm = "adapt"`."""
    base = body()
    norm = base.get_layer("bn")
    norm.gamma.trainable = norm.beta.trainable = False
    model = prepare(flat(base))
    assert fit(model) == without_norm(model) | STATISTICS


@claim("B4b", "A .keras file forgets that scale and shift were held.", "true")
def test_adapting_is_not_saved(tmp_path: Path) -> None:
    """After loading, gamma and beta would train again: the flags are set anew in each stage."""
    base = body()
    norm = base.get_layer("bn")
    norm.gamma.trainable = norm.beta.trainable = False
    assert norm.trainable_weights == []
    flat(base).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert len(loaded.get_layer("bn").trainable_weights) == 2


@claim("B5", "A Dropout in a frozen backbone goes on dropping in fit.", "true")
def test_frozen_dropout_drops() -> None:
    """Whatever its flag; only a rate of 0 stops it. EfficientNet has such layers inside."""
    given = keras.Input((8, 8, 3))
    drop = layers.Dropout(0.5, seed=1)
    model = keras.Model(given, drop(given))
    model.trainable = False
    x = images()[0]
    assert not np.array_equal(model(x, training=True), x)
    drop.rate = 0.0
    assert np.array_equal(model(x, training=True), x)


@claim("B5b", "Which backbones are random when frozen: EfficientNet is, others are not.", "true")
def test_networks_that_drop_inside() -> None:
    """EfficientNetB0 has Dropout layers with a rate; MobileNetV2 and ResNet50 have none."""

    def drops(name: str) -> int:
        kinds = (layers.Dropout, layers.GaussianNoise)
        return sum(isinstance(layer, kinds) for layer in network(name).layers)

    assert drops("EfficientNetB0") > 0
    assert drops("MobileNetV2") == drops("ResNet50") == 0


@claim("B7", "A random seed's state changes in a network whose weights are frozen.", "true")
def test_seed_states_move() -> None:
    """It is a variable of the model that no list of weights has: resuming needs it too."""
    given = keras.Input((4,))
    model = keras.Model(given, layers.Dense(3, "softmax")(layers.Dropout(0.5)(given)))
    states = [v for v in model.variables if "seed" in v.path]
    assert len(states) == 1
    assert not any(state is weight for state in states for weight in model.weights)
    before = states[0].numpy()
    fit(prepare(model))
    assert not np.array_equal(states[0].numpy(), before)
