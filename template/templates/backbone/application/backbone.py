"""The pretrained network without its top, from keras.applications."""

from pathlib import Path

import keras

from ..config import Backbone, ConfigError

{% include "backbone/_preprocessing/" ~ cookiecutter._backbones[cookiecutter.backbone].preprocessing ~ ".py" %}


def build(settings: Backbone, image_size: int) -> keras.Model:
    """From RGB pixels (0 to 255) to feature maps, with the configured weights."""
    image = keras.Input((image_size, image_size, 3), name="image")
    constructor = getattr(keras.applications, settings.name)
    try:
        network = constructor(
            include_top=False,
            weights="imagenet" if settings.weights == "imagenet" else None,
            input_tensor=preprocess(image),
            input_shape=(image_size, image_size, 3),
        )
    except ValueError as problem:
        raise ConfigError(f"{settings.name} at {image_size} pixels: {problem}") from problem
    except Exception as problem:  # Keras raises a bare Exception when a download fails
        raise ConfigError(
            f"the ImageNet weights of {settings.name} could not be fetched ({problem}). "
            'Connect to the internet once, or set weights in [backbone] of config.toml to "none" '
            "or to the path of a .weights.h5 file"
        ) from problem
    if settings.weights not in ("imagenet", "none"):
        load_file(network, settings.weights)
    return network


{% include "backbone/_weights/" ~ ("efficientnet" if cookiecutter.backbone.startswith("EfficientNetB") else "plain") ~ ".py" %}
