def remarks(folder: Path) -> Iterator[str]:
    """What there is to say of the headline figure."""
    from .interval import add_interval
    from .worth import worth

    yield add_interval(folder)
    yield worth(folder)
