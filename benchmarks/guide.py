"""The program of the Keras guide "Transfer learning & fine-tuning", adapted in its loss.

For segmentation the program of TensorFlow's tutorial "Image segmentation": MobileNetV2, frozen,
with a U-Net's decoder of transposed convolutions; 2 x 10 epochs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trial import SIZE, Trial, backbone, batches, fit, loss_of, segmenter


def guide(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    return tutorial(trial) if trial.task == "segmentation" else transfer(trial)


def transfer(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """https://keras.io/guides/transfer_learning: a nested base, called with training=False."""
    import keras
    from keras import layers

    base = backbone(trial)
    base.trainable = False
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(0.1)(x)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    model = keras.Model(inputs, layers.Dense(trial.outputs)(x))
    train = batches(trial, 32)
    for rate in (1e-3, 1e-5):
        base.trainable = rate == 1e-5
        model.compile(keras.optimizers.Adam(rate), loss_of(trial.task))
        fit(trial, model, train, trial.epochs)
    return lambda x: model.predict(x, verbose=0)


def tutorial(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """https://www.tensorflow.org/tutorials/images/segmentation: the frozen base and a decoder."""
    model, base = segmenter(trial)
    base.trainable = False
    model.compile("adam", loss_of(trial.task))
    fit(trial, model, batches(trial, 64), 2 * trial.epochs)
    return lambda x: model.predict(x, verbose=0)
