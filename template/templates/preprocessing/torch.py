"""What this backbone expects of its input: RGB, normalised with the mean and spread of ImageNet.

The transform is part of the model, so training, evaluation and serving cannot differ.
"""

from __future__ import annotations

import keras

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """Turn RGB pixels from 0 to 255 into what the backbone was trained on."""
    scale = keras.layers.Rescaling(1 / 255, dtype="float32", name="preprocess_scale")
    normalize = keras.layers.Normalization(
        mean=MEAN,
        variance=tuple(deviation**2 for deviation in DEVIATION),
        dtype="float32",
        name="preprocess_normalize",
    )
    return normalize(scale(image))
