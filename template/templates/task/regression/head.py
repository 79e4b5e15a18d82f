"""The head: new layers from feature maps to numbers, in the units of the data."""

import keras

from ..config import Head
from ..examples import Meaning


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """Pooled, through the configured hidden layers; it always trains.

    The numbers that are learnt are standard deviations from the mean.
    """
    numbers = keras.layers.Dense(len(meaning.names), dtype="float32", name="head_numbers")
    units = keras.layers.Rescaling(
        list(meaning.scale) or 1.0, list(meaning.offset) or 0.0, dtype="float32", name="head_units"
    )
    return units(numbers(pooled(network.output, settings)))


{% include "task/_shared/pooled.py" %}
