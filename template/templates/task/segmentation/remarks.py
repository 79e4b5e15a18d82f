def remarks(folder: Path) -> Iterator[str]:
    """What there is to say of the headline figure."""
    from .interval import add_interval

    yield add_interval(folder)
