"""What this backbone expects of its input: blue-green-red, each channel minus its ImageNet mean.

The transform is part of the model, so training, evaluation and serving cannot differ.
"""

from __future__ import annotations

import keras

MEAN_BGR = (103.939, 116.779, 123.68)


def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """Turn RGB pixels from 0 to 255 into what the backbone was trained on."""
    center = keras.layers.Normalization(
        mean=MEAN_BGR, variance=(1.0, 1.0, 1.0), dtype="float32", name="preprocess_center"
    )
    return center(image[..., ::-1])
