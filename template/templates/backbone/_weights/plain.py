def load_file(network: keras.Model, file: str) -> None:
    """Load weights that were saved for this very network, without its top."""
    path = Path(file)
    if not path.is_file():
        raise ConfigError(f"there is no weights file {path}; see [backbone] of config.toml")
    try:
        network.load_weights(path)
    except (OSError, ValueError) as problem:
        raise ConfigError(f"{path} does not hold weights for this backbone: {problem}") from problem
