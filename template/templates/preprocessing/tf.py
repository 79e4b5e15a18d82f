"""What this backbone expects of its input: RGB from -1 to 1.

The transform is part of the model, so training, evaluation and serving cannot differ.
"""

from __future__ import annotations

import keras


def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """Turn RGB pixels from 0 to 255 into what the backbone was trained on."""
    scale = keras.layers.Rescaling(1 / 127.5, offset=-1.0, dtype="float32", name="preprocess_scale")
    return scale(image)
