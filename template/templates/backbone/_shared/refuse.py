def check(found: dict[str, float], name: str, wanted: str, advice: str) -> None:
    """Refuse a scaling that fits far worse than another."""
    if found and far(found, wanted):
        best = next(iter(found))
        raise ConfigError(
            f"{name} is fed pixels scaled as '{wanted}', and its weights were trained on "
            f"'{best}': pictures are {found[wanted]:.3g} away from its stored statistics, and "
            f"{found[best]:.3g} under '{best}' (0: the same). {advice}; check_scaling = false in "
            "[backbone] trains all the same"
        )
