"""The head: new layers from feature maps to the probability of the second class."""

import keras

from ..config import Head
from ..examples import Meaning


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """Pooled, through the configured hidden layers; it always trains."""
    last = keras.layers.Dense(1, activation="sigmoid", dtype="float32", name="head_probability")
    return last(pooled(network.output, settings))


{% include "task/_shared/pooled.py" %}
