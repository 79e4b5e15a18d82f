def look_at_all(items: Sequence[Item], config: Config) -> list[Look]:
    """What is known of each example's image; an unusable mask is a problem of its image."""
    looks = look_at([item.file for item in items])
    faults = targets.faults(items, looks, config)
    return [
        look if look.problem else look._replace(problem=fault)
        for look, fault in zip(looks, faults, strict=True)
    ]
