def class_names(found: dict[str, list[Item]], config: Config, least: int = 2) -> tuple[str, ...]:
    """The classes in the order of the outputs: as config.toml lists them, else as the data do."""
    names, path = set(found), config.data.path
    classes = config.head.classes or tuple(sorted(names, key=_order))
    if len(set(classes)) < len(classes):
        raise ConfigError(f"[head] classes names one twice: {', '.join(classes)}")
    if set(classes) != names:
        raise ConfigError(
            f"the classes in config.toml and those in {path} differ; only in config.toml: "
            f"{_list(set(classes) - names, {})}; only in the data: "
            f"{_list(names - set(classes), found)}"
        )
    if str(config.data.source) != "folder":  # where the layout says it
        say_alike(classes)
    if len(classes) < least:
        raise ConfigError(
            f"{path} must hold at least {least} classes; found: {_list(names, {})}. "
            "See [data] path in config.toml"
        )
    if config.head.outputs not in (0, len(classes)):
        raise ConfigError(
            f"[head] outputs = {config.head.outputs} in config.toml, but {path} holds "
            f"{len(classes)} classes"
        )
    return classes


def say_alike(names: Collection[str]) -> None:
    """Warn of names that may be one: they differ by case, blanks, or how a number is written."""
    alike: dict[str, list[str]] = {}
    for name in sorted(names):
        text = "".join(name.casefold().split())
        number = re.fullmatch(r"([0-9]+)\.0*", text)
        alike.setdefault(str(int(number[1])) if number else text, []).append(name)
    for twins in alike.values():
        if len(twins) > 1:
            listed = " and ".join(map(repr, twins))
            click.echo(f"warning: {listed} are {len(twins)} names here; write one if they are one")


def _order(name: str) -> tuple[bool, float, str]:
    """Numbers by their value, and before words."""
    return (False, float(name), name) if name.isdecimal() else (True, 0.0, name)


def _list(names: set[str], found: dict[str, list[Item]]) -> str:
    """The names, each with how often it is found and where first."""
    places = {name: f"{name} ({len(of)}, first {of[0]})" for name, of in found.items() if of}
    return ", ".join(places.get(name, name) for name in sorted(names)) or "none"
