def remarks(config: Config, splits: Splits, found: list[Result]) -> Iterator[str]:
    """What the figures show."""
    from ...results.scores import HEADLINE
    from .verdict import sentence

    yield sentence(found, HEADLINE)
