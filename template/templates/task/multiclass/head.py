"""The head: new layers from feature maps to a probability for each class."""

import keras

from ..config import Head
from ..examples import Meaning


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """Pooled, through the configured hidden layers; it always trains."""
    last = keras.layers.Dense(
        len(meaning.names), activation="softmax", dtype="float32", name="head_probabilities"
    )
    return last(pooled(network.output, settings))


{% include "task/_shared/pooled.py" %}
