def _summary(top: str, unused: Counter[str]) -> list[str]:
    """One line, if there is anything to say."""
    kinds = ", ".join(f"{count} {why}" for why, count in sorted(unused.items()))
    return [f"{top}: files that are not used: {kinds}"] if kinds else []
