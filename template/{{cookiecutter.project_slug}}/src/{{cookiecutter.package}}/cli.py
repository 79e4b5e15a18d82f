"""The command line. TensorFlow is imported inside the commands: `--help` should not wait for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from . import recorder
from .config import Config, ConfigError, load
from .kits import kits
from .results import FORMATS, opened

RUNS = Path("runs")


class Commands(click.Group):
    """Turns mistakes of the user into one sentence, and finds the commands of the kits."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ConfigError as problem:
            click.echo(f"error: {problem}", err=True)
            sys.exit(2)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *self._of_kits()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or self._of_kits().get(name)

    def _of_kits(self) -> dict[str, click.Command]:
        """Looked up when asked for, because the kits import from here."""
        return {str(command.name): command for kit in kits() for command in kit.commands}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train an image model in stages: the new head first, then more of the backbone."""


with_config = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The file with the settings.",
)


@main.command()
@with_config
@click.option("--fresh", is_flag=True, help="Start another run, even if one is unfinished.")
def train(config_file: Path, fresh: bool) -> None:
    """Run the schedule; the same command goes on with a run that was stopped."""
    config = load(config_file)
    from .devices import setup
    from .keeper import TrainingError
    from .preempted import Preempted, heeding_sigterm, say_goodbye
    from .workers import WorkerLost, together

    machine = setup(config)
    click.echo(machine.table)
    try:
        with heeding_sigterm(), together(machine.strategy):
            _train(config, fresh)
    except (TrainingError, WorkerLost) as problem:
        raise click.ClickException(str(problem)) from None
    except Preempted:
        sys.exit(say_goodbye())


def _train(config: Config, fresh: bool) -> None:
    import tensorflow as tf

    from . import dataset
    from .checkpoint import open_run
    from .machines import scaled
    from .preempted import leave_at_once
    from .quarantine import refuse_damaged
    from .stages import train as run_schedule
    from .workers import LOST, chief, chief_first, meet, team

    if team().workers > 1:
        leave_at_once()
    run = open_run(RUNS, config, fresh)
    if run.model.exists():
        click.echo(f"{run.folder} is finished; `train --fresh` starts another run")
        return
    with chief_first():
        splits = dataset.read(config)
    if chief():
        for kit in kits():
            if kit.before_training:
                kit.before_training(config, splits)
    try:
        run_schedule(scaled(config), splits, run)
    except LOST:
        raise
    except tf.errors.OpError:
        parts = (splits.train, splits.validation)
        refuse_damaged([entry for part in parts for entry in part.files + part.masks])
        raise
    click.echo(f"the model is {run.model}")
    if chief():
        for kit in kits():
            if kit.after_training:
                kit.after_training(run.folder)
    meet()


@main.command()
@with_config
def evaluate(config_file: Path) -> None:
    """Measure the newest finished run on the test images."""
    config = load(config_file)
    from .checkpoint import newest
    from .devices import open_devices
    from .evaluation import evaluate as measure
    from .evaluation import table

    open_devices(config.devices)
    run = newest(RUNS)
    click.echo(table(measure(config, run)))
    for kit in kits():
        if kit.after_evaluation:
            kit.after_evaluation(run.folder)


@main.command()
@with_config
@click.argument("images", nargs=-1, required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="CSV or JSON file.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv")
@recorder.options
def predict(
    config_file: Path, images: tuple[str, ...], output: Path | None, form: str, **chosen: Any
) -> None:
    """Say what is in IMAGES: files, folders, or patterns such as 'photos/**/*.jpg'."""
    config = load(config_file)
    from . import evaluation, prediction
    from .checkpoint import newest
    from .devices import open_devices
    from .progress import followed

    files = prediction.find(images)
    open_devices(config.devices)
    run = newest(RUNS)
    settings = evaluation.as_trained(config.data, run)
    record = recorder.Recorder(**chosen)
    rows = prediction.predict(*evaluation.load(run), settings, files, record)
    with opened(output) as file:
        count, wrong = FORMATS[form](followed(rows, len(files), "predicting"), file)
    if wrong:
        raise click.ClickException(
            f"{wrong} of {count} files could not be read; their rows say why, under `error`"
        )


@main.command()
@with_config
def plan(config_file: Path) -> None:
    """Show what each stage would train, without training."""
    config = load(config_file)
    click.echo(_plan(config))


def _plan(config: Config) -> str:
    from .devices import stay_on_cpu
    from .examples import Meaning
    from .freezing import Freezer
    from .frostmap import draw
    from .model import build

    stay_on_cpu()
    names = config.head.classes or ("?",) * (config.head.outputs or 1)
    network = build(config, Meaning(names))
    freezer = Freezer(network, config.backbone.batch_norm)
    maps = [draw(network, freezer.freeze(s), config, i) for i, s in enumerate(config.stage)]
    return "\n".join(maps)
