def found_in(root: Path, splits: str) -> list[Found]:
    """What layout.py finds, in the order of the splits; what it leaves out is said."""
    if root == Path():
        raise ConfigError("[data] path in config.toml is the project itself, not the data")
    unused: Counter[str] = Counter()
    try:
        found, notes = read(str(root), walk(str(root), unused), unused, splits)
    except FolderError as problem:
        raise ConfigError(f"{problem}. See [data] in config.toml") from None
    for note in notes:
        click.echo(note)
    return sorted(found, key=lambda x: ("", *SPLITS).index(x.split))
