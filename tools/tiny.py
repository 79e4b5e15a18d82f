"""Pretrain the bundled backbone on scikit-learn's handwritten digits 0 to 4, deterministically.

It never sees a digit from 5 to 9: those are the sample data that it is transferred to. Run it
with `make tiny`.
"""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from backbones import PACKAGE, load_tiny
from digits import draw, scans

WEIGHTS = PACKAGE / "model/{% if cookiecutter.backbone == 'tiny' %}tiny.weights.h5{% endif %}"
SEED = 7
ROUNDS = 150  # epochs; each draws every scan anew
BATCH = 64
RATE = 3e-3
HELD_OUT = 5  # every fifth scan is for validation


def pictures(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw each scan, half of them inverted, so that shape is learnt and not brightness."""
    drawn = [draw(image, rng) for image in images]
    pixels = np.stack([colours[shades] for shades, colours in drawn]).astype("float32")
    negative = rng.random((len(images), 1, 1, 1)) < 0.5
    return np.where(negative, 255 - pixels, pixels)


def batches(
    images: np.ndarray, labels: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield one epoch of newly drawn images, shuffled, in full batches."""
    order = rng.permutation(len(images))[: len(images) // BATCH * BATCH]
    drawn = pictures(images[order], rng)
    for start in range(0, len(order), BATCH):
        yield drawn[start : start + BATCH], labels[order[start : start + BATCH]]


def pretrain() -> tuple[keras.Model, float]:
    """Train the backbone with a temporary head; return it and its validation accuracy."""
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    rng = np.random.default_rng(SEED)
    images, labels = scans(range(5))
    held = np.arange(len(images)) % HELD_OUT == 0
    backbone = load_tiny().Tiny()
    pooled = keras.layers.GlobalAveragePooling2D()(backbone.output)
    outputs = keras.layers.Dense(5)(keras.layers.Dropout(0.2)(pooled))
    model = keras.Model(backbone.input, outputs)
    steps = ROUNDS * (int(np.sum(~held)) // BATCH)
    model.compile(
        keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(RATE, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for _ in range(ROUNDS):
        for x, y in batches(images[~held], labels[~held], rng):
            model.train_on_batch(x, y)
    guesses = model.predict(pictures(images[held], rng), verbose=0).argmax(axis=1)
    return backbone, float(np.mean(guesses == labels[held]))


if __name__ == "__main__":
    backbone, accuracy = pretrain()
    written = WEIGHTS.with_name("tiny.weights.h5")  # Keras requires this suffix
    backbone.save_weights(written)
    written.replace(WEIGHTS)
    print(f"{backbone.count_params():,} parameters, {WEIGHTS.stat().st_size:,} bytes")
    print(f"accuracy on held-out digits 0 to 4: {accuracy:.3f}")
