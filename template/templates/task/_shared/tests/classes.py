def classes(config: Config, *names: str, outputs: int = 0) -> Config:
    head = config.head.model_copy(update={"classes": names, "outputs": outputs})
    return config.model_copy(update={"head": head})
