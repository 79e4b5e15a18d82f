"""The task: each image belongs to exactly one of several classes."""

from __future__ import annotations

import keras
import numpy as np

from .config import Head

MONITOR = "val_loss"  # what decides which epoch was the best; lower is better
HEADLINE = "accuracy"  # the figure to report


def head(features: keras.KerasTensor, settings: Head, outputs: int) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to a probability for each class."""
    x = keras.layers.GlobalAveragePooling2D(name="head_pool")(features)
    for number, units in enumerate(settings.hidden, 1):
        x = keras.layers.Dense(units, activation="relu", name=f"head_hidden_{number}")(x)
    x = keras.layers.Dropout(settings.dropout, name="head_dropout")(x)
    return keras.layers.Dense(
        outputs, activation="softmax", dtype="float32", name="head_probabilities"
    )(x)


def loss() -> keras.losses.Loss:
    return keras.losses.SparseCategoricalCrossentropy()


def metrics() -> list[keras.metrics.Metric]:
    return [keras.metrics.SparseCategoricalAccuracy(name=HEADLINE)]


def summarise(
    targets: np.ndarray, outputs: np.ndarray, classes: tuple[str, ...]
) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    guesses = outputs.argmax(axis=1)
    recall = {
        f"recall/{name}": float(np.mean(guesses[targets == number] == number))
        for number, name in enumerate(classes)
        if np.any(targets == number)
    }
    return {
        HEADLINE: float(np.mean(guesses == targets)),
        "majority_class": float(np.bincount(targets).max() / len(targets)),
        **recall,
    }


def describe(output: np.ndarray, classes: tuple[str, ...]) -> dict[str, str | float]:
    """One prediction in words."""
    best = int(output.argmax())
    return {"class": classes[best], "probability": round(float(output[best]), 4)}
