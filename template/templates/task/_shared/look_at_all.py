def look_at_all(items: Sequence[Item], config: Config) -> list[Look]:
    """What is known of each example's image, and why it cannot be used if that is so."""
    return look_at([item.file for item in items])
