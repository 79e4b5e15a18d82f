"""The pretrained network without its top: a model of your own, from a .keras or .h5 file."""

from pathlib import Path
from typing import Any

import keras

from ..config import Backbone, ConfigError
from .own import last_maps
from .scaling import SCALINGS


def build(settings: Backbone, image_size: int) -> keras.Model:
    """The model in the file, up to its last feature maps or as it is; its input stays its own."""
    model = load(Path(settings.weights))
    try:
        network = keras.Model(model.inputs, flat(model, model.inputs))
    except ValueError as problem:
        raise ConfigError(
            f"{settings.weights} cannot be laid out as one flat model: {problem}"
        ) from None
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
    network = keras.Model(network.input, network.outputs[0] if settings.keep_head else found[1])
    if settings.preprocessing in ("inside", "auto"):  # auto: until it is known what fits
        return network
    image = keras.Input(network.inputs[0].shape[1:], name="image")
    (maps,) = flat(network, [preprocess(image, settings.preprocessing)])
    return keras.Model(image, maps)


def preprocess(image: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """RGB pixels from 0 to 255 as the model was trained on them.

    The transform is part of the model, so training, evaluation and serving cannot differ.
    """
    mean, deviation = SCALINGS[name]
    normalize = keras.layers.Normalization(
        mean=mean,
        variance=tuple(value**2 for value in deviation),
        dtype="float32",
        name="preprocess_pixels",
    )
    return normalize(image[..., ::-1] if name == "caffe" else image)


def flat(model: keras.Model, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
    """The graph of a model with the layers of the models within it as layers of its own.

    The Keras guide puts the pretrained network into the new one as a single layer. That hides its
    blocks, and where it can be cut. The layers keep their weights; they are only called anew.
    """

    def call(operation: keras.Operation, *given: Any, **settings: Any) -> Any:
        if isinstance(operation, keras.Sequential) or hasattr(operation, "operations"):
            outputs = flat(operation, given[0] if isinstance(given[0], list) else [given[0]])
            return outputs[0] if len(outputs) == 1 else outputs
        return operation(*given, **settings)

    whole = model if hasattr(model, "_run_through_graph") else model._functional
    outputs = whole._run_through_graph(inputs, lambda operation: operation, call)
    return keras.tree.flatten(outputs)


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
