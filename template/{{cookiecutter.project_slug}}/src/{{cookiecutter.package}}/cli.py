"""The command line. TensorFlow is imported inside the commands: `--help` should not wait for it."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click

from .config import Config, ConfigError
from .errors import sentence
from .hooks import RUNS, around_command, kits, with_config, with_run


class Commands(click.Group):
    """Reports a user's mistake as one sentence, and adds the commands of the kits."""

    def invoke(self, context: click.Context) -> Any:
        try:
            with around_command():
                return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("\nstopped; the same command goes on after what is done", err=True)
            sys.exit(130)
        except Exception as problem:
            if not (said := sentence(problem)):
                raise
            click.echo(f"error: {said}", err=True)
            sys.exit(2 if isinstance(problem, ConfigError) else 1)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *self._of_kits()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or self._of_kits().get(name)

    def _of_kits(self) -> dict[str, click.Command]:
        return {str(command.name): command for kit in kits() for command in kit.commands}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train an image model in stages: the new head first, then more of the backbone."""


@main.command()
@with_config
@click.option("--fresh", is_flag=True, help="Start another run, even if one is unfinished.")
@click.option("--run", "name", help="A name for the run.  [default: the next number]")
def train(config: Config, fresh: bool, name: str | None) -> None:
    """Run the schedule; the same command goes on with a run that was stopped."""
    import tensorflow as tf

    from .data.check import refuse_damaged
    from .data.load import load
    from .training.devices import setup
    from .training.epochs import TrainingError
    from .training.run import open_run
    from .training.schedule import train as run_schedule

    click.echo(setup(config))
    with ExitStack() as stack:
        settings = config
        for kit in kits():
            settings = stack.enter_context(kit.around(settings)) if kit.around else settings
        find = partial(open_run, RUNS, config, fresh, name)
        for kit in kits():
            find = partial(kit.run, find, config) if kit.run else find
        run = find()
        if run.model.exists():
            click.echo(f"{run.folder} is finished; `train --fresh` starts another run")
            return
        run.begin(config)
        splits = load(config)
        for kit in kits():
            if kit.before_training and run.writes:
                kit.before_training(config, splits, run)
        try:
            run_schedule(settings, splits, run)
        except TrainingError as problem:
            raise click.ClickException(str(problem)) from None
        except tf.errors.OpError as problem:
            if not sentence(problem):
                refuse_damaged(splits.train, splits.validation)
            raise
        click.echo(f"the model is {run.model}")
        for kit in kits():
            if kit.after_training and run.writes:
                kit.after_training(run.folder)


@main.command()
@with_config
@with_run
def evaluate(config: Config, name: str | None) -> None:
    """Measure a finished run on the test images."""
    from .results.evaluate import evaluate as measure
    from .results.evaluate import table
    from .training.devices import open_devices
    from .training.run import finished

    open_devices(config.devices)
    run = finished(RUNS, name)
    click.echo(table(measure(config, run)))
    for kit in kits():
        if kit.after_evaluation:
            kit.after_evaluation(run.folder)


{% include ["task/" ~ cookiecutter.task ~ "/predict_command.py", "task/_shared/predict_command.py"] %}


@main.command()
@with_config
def plan(config: Config) -> None:
    """Show what each stage would train, without training."""
    from .freezing.frostmap import draw, untrained
    from .training.devices import stay_on_cpu

    stay_on_cpu()  # which leaves a GPU to others
    freezer = untrained(config)
    for number, stage in enumerate(config.stage):
        click.echo(draw(freezer, freezer.freeze(stage), config, number))
