def remarks(config: Config, splits: Splits, found: list[Result]) -> Iterator[str]:
    """What the figures show."""
    from ...results.scores import HEADLINE
    from .gain import beside
    from .verdict import sentence

    yield sentence(found, HEADLINE)
    if said := beside(config, splits, found, RUNS / "compare.csv"):
        yield said
