IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


def load_file(network: keras.Model, file: str) -> None:
    """Load weights that were saved for this very network, without its top.

    Keras divides the normalised pixels once more by the root of ImageNet's deviation, in a
    layer that exists only when Keras itself downloads the weights. The same weights from a file
    need the same arithmetic, so the factor goes into the normalisation.
    """
    path = Path(file)
    if not path.is_file():
        raise ConfigError(f"there is no weights file {path}; see [backbone] of config.toml")
    try:
        network.load_weights(path)
    except (OSError, ValueError) as problem:
        raise ConfigError(f"{path} does not hold weights for this backbone: {problem}") from problem
    (normalize,) = (x for x in network.layers if isinstance(x, keras.layers.Normalization))
    scaled = keras.ops.multiply(normalize.adapt_variance, IMAGENET_DEVIATION)
    normalize.adapt_variance.assign(scaled)
    normalize.finalize_state()
