"""fastai's `vision_learner(...).fine_tune(epochs)` written in Keras.

One frozen epoch, then one cycle of discriminative rates; its head, batch size and weight decay;
without the momentum's cycle.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from trial import SIZE, Trial, backbone, batches, loss_of, segmenter


def fastai(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """`fine_tune(epochs)`: one frozen epoch up to 2e-3, then one cycle from 1e-5 to 1e-3 by depth.

    As there, BatchNorm learns in the frozen epoch too; it follows a batch as fast as PyTorch's.
    """
    import keras

    model, base = segmenter(trial) if trial.task == "segmentation" else learner(trial)
    layers = [layer for layer in base.layers if layer.weights]
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in (*norms, *(x for x in model.layers if hasattr(x, "momentum"))):
        layer.momentum = 0.9
    half = [layer.name for layer in layers].index("block_6_expand")
    head = [v for layer in model.layers if layer is not base for v in layer.trainable_variables]
    for layer in layers:
        layer.trainable = layer in norms
    cycle(trial, model, base_groups(layers, half), head, 1, (2e-4, 2e-4, 2e-3), 0.99, 25)
    for layer in layers:
        layer.trainable = True
    cycle(trial, model, base_groups(layers, half), head, trial.epochs, (1e-5, 1e-4, 1e-3), 0.3, 5)
    return lambda x: model.predict(x, verbose=0)


def base_groups(layers: list[Any], half: int) -> list[list[Any]]:
    parts = layers[:half], layers[half:]
    return [[v for layer in part for v in layer.trainable_variables] for part in parts]


def learner(trial: Trial) -> tuple[Any, Any]:
    """What `vision_learner` puts on a network, and the photos' variation by `aug_transforms`."""
    import keras
    from keras import layers

    base = backbone(trial)
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(10 / 360)(x)
    x = layers.RandomZoom((-0.1, 0.0))(x)
    x = layers.RandomBrightness(0.1)(x)
    x = layers.RandomContrast(0.2)(x)
    x = base(layers.Rescaling(1 / 127.5, offset=-1)(x))
    pooled = [layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)]
    x = layers.Concatenate()(pooled)
    x = layers.Dropout(0.25)(layers.BatchNormalization(epsilon=1e-5)(x))
    x = layers.Dense(512, "relu", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.Dropout(0.5)(layers.BatchNormalization(epsilon=1e-5)(x))
    return keras.Model(inputs, layers.Dense(trial.outputs, use_bias=False)(x)), base


def cycle(
    trial: Trial,
    model: Any,
    body: list[list[Any]],
    head: list[Any],
    epochs: int,
    rates: tuple[float, ...],
    rise: float,
    divided: float,
) -> None:
    """One cycle of rates, a group of variables each; weight decay spares biases and BatchNorm."""
    import keras
    import tensorflow as tf

    loss, train = loss_of(trial.task), batches(trial, 64, whole=True)
    groups = [*body, head]
    optimizers = [keras.optimizers.AdamW(0.0, 0.01, beta_2=0.99, epsilon=1e-5) for _ in groups]
    for optimizer, group in zip(optimizers, groups, strict=True):
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(group)

    @tf.function
    def step(images: Any, targets: Any) -> None:
        with tf.GradientTape() as tape:
            value = loss(targets, model(images, training=True))
        gradients = tape.gradient(value, [[v.value for v in group] for group in groups])
        for optimizer, group, own in zip(optimizers, groups, gradients, strict=True):
            optimizer.apply(own, group)

    steps = epochs * len(train)
    for epoch in range(epochs):
        for number, (images, targets) in enumerate(train, epoch * len(train)):
            factor = one_cycle(number / steps, rise, divided)
            for optimizer, rate in zip(optimizers, rates, strict=True):
                optimizer.learning_rate = rate * factor
            step(images, targets)
            trial.steps += 1
        trial.watch(lambda x: model.predict(x, verbose=0))


def one_cycle(place: float, rise: float, divided: float) -> float:
    """The share of the highest rate: up and down along cosines."""
    low, high, way = 1 / divided, 1.0, place / rise
    if place > rise:
        low, high, way = 1.0, 1e-5, (place - rise) / (1 - rise)
    return low + (high - low) * (1 - math.cos(math.pi * way)) / 2
