def by_class(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items of each class."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.label[0], []).append(item)
    if several := next((item for item in items if len(item.label) > 1), None):
        raise ConfigError(
            f"{several}: there are {len(several.label)} labels ({', '.join(several.label)}), and "
            "an image has one class here; see [data] label in config.toml"
        )
    if "" in found:
        raise ConfigError(f"{found[''][0]}: the class is empty; {len(found[''])} are like that")
    return found
