"""The pretrained network without its top: a model of your own, from a .keras or .h5 file."""

from __future__ import annotations

from pathlib import Path

import keras

from .config import Backbone, ConfigError

IMAGE_RANK = 4  # batch, height, width, channels


def build(settings: Backbone, image_size: int) -> keras.Model:
    """The model in the file, up to its last feature maps; its own input stays as it is."""
    model = load(Path(settings.weights))
    network = keras.Model(model.inputs, model.outputs)  # a Sequential gets its input layer back
    maps = [layer for layer in network.layers if _output_rank(layer) == IMAGE_RANK]
    if len(network.inputs) != 1 or not maps:
        raise ConfigError(f"{settings.weights} is not a network from one image to feature maps")
    expected = network.input_shape[1:3]
    if any(side not in (None, image_size) for side in expected):
        raise ConfigError(
            f"{settings.weights} takes images of {expected[0]} by {expected[1]} pixels; "
            f"set image_size in [data] of config.toml, which is {image_size}"
        )
    return keras.Model(network.input, maps[-1].output)


def load(path: Path) -> keras.Model:
    """Read a whole model without running any code that the file may carry."""
    if not path.is_file():
        raise ConfigError(f"there is no model file {path}; see weights in [backbone]")
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as problem:
        raise ConfigError(f"{path} cannot be loaded as a Keras model: {problem}") from problem
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ConfigError(f"{path} holds a model without a layer graph, which cannot be cut")
    return model


def _output_rank(layer: keras.Layer) -> int:
    shape = getattr(layer.output, "shape", ())
    return len(shape)
