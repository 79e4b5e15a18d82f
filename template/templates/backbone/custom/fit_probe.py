    from ..training.pixels import fitted

    config = fitted(config, splits)
