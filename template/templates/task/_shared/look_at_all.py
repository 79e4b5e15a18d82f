def look_at_all(items: Sequence[Item], config: Config) -> list[Look]:
    """What is known of each example's image, or why it cannot be used."""
    return look_at([item.file for item in items])
