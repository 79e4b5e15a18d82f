"""The pretrained network without its top: a small one that comes with the project."""

from pathlib import Path

import keras

from ..config import Backbone, ConfigError
from .tiny import Tiny

{% include "backbone/_preprocessing/" ~ cookiecutter._backbones[cookiecutter.backbone].preprocessing ~ ".py" %}


def build(settings: Backbone, image_size: int) -> keras.Model:
    """From RGB pixels (0 to 255) to feature maps, with the configured weights."""
    image = keras.Input((image_size, image_size, 3), name="image")
    network = Tiny(input_tensor=preprocess(image))
    if settings.weights == "imagenet":
        raise ConfigError(
            "tiny was not trained on ImageNet: in [backbone] of config.toml, set weights to "
            '"none" or to the path of its .weights.h5 file'
        )
    if settings.weights != "none":
        load_file(network, settings.weights)
    return network


{% include "backbone/_weights/plain.py" %}
