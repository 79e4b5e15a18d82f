def by_class(items: Sequence[Item]) -> dict[str, list[Item]]:
    """The items of each class."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.label[0], []).append(item)
    if "" in found:
        raise ConfigError(f"{found[''][0]}: the class is empty; {len(found[''])} are like that")
    return found
