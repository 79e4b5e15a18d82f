    from .pixels import fitted

    config = fitted(config, splits)
