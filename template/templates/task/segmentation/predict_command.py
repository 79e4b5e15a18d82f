@main.command()
@with_config
@with_run
@click.argument("images", nargs=-1, required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="CSV or JSON file.")
@click.option(
    "--masks",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each mask as a PNG, at the size that the model takes, into this folder.",
)
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
def predict(
    config: Config,
    name: str | None,
    images: tuple[str, ...],
    output: Path | None,
    masks: Path | None,
    form: str,
) -> None:
    """Say what is in IMAGES: files, folders, or patterns such as 'photos/**/*.jpg'."""
    from .results import predict as results
    from .training.devices import open_devices
    from .training.run import finished

    files = results.find(images)
    open_devices(config.devices)
    rows = results.predict(finished(RUNS, name), config, files, masks)
    count, wrong = results.write(rows, form, output)
    if wrong:
        raise click.ClickException(
            f"{wrong} of {count} files could not be read; their rows say why, under `error`"
        )
