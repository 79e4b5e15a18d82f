"""The pretrained network without its top: a model of your own, from a .keras or .h5 file."""

from __future__ import annotations

from pathlib import Path

import keras

from .config import Backbone, ConfigError
from .graph import last_maps


def build(settings: Backbone, image_size: int) -> keras.Model:
    """The model in the file, up to its last feature maps or as it is; its input stays its own."""
    model = load(Path(settings.weights))
    network = keras.Model(model.inputs, model.outputs)  # a Sequential gets its input layer back
    found = last_maps(network)
    if len(network.inputs) != 1 or found is None:
        raise ConfigError(f"{settings.weights} is not a network from one image to feature maps")
    expected = network.input_shape[1:3]
    if any(side not in (None, image_size) for side in expected):
        raise ConfigError(
            f"{settings.weights} takes images of {expected[0]} by {expected[1]} pixels; "
            f"set image_size in [data] of config.toml, which is {image_size}"
        )
    if settings.keep_head and len(network.outputs) != 1:
        raise ConfigError(f"{settings.weights} has {len(network.outputs)} outputs, not one to keep")
    return keras.Model(network.input, network.outputs[0] if settings.keep_head else found[1])


def load(path: Path) -> keras.Model:
    """Read a whole model without running any code that the file may carry."""
    if not path.is_file():
        raise ConfigError(f"there is no model file {path}; see weights in [backbone]")
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as problem:
        reason: object = problem
        if "safe_mode" in str(problem):  # Keras would suggest to run it all the same
            reason = "it holds Python code of its own, such as a Lambda, which is never run here"
        raise ConfigError(f"{path} cannot be loaded as a Keras model: {reason}") from problem
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ConfigError(f"{path} holds a model without a layer graph, which cannot be cut")
    return model
