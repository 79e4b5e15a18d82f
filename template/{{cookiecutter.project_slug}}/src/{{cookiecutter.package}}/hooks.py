"""The only places where a kit may act, and what the commands of kits share with those of cli.py.

Each folder in kits/ offers one name, ``KIT``. A kit is added or removed as a folder; nothing else
in the project mentions it.
"""

import functools
import importlib
import io
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from .config import Config, ConfigError, load

RUNS = Path("runs")


@dataclass(frozen=True)
class Kit:
    """What a kit adds; each hook is called where its name is looked up in the project."""

    commands: tuple[click.Command, ...] = ()
    images: Callable[..., Any] | None = None  # other examples, or other files for their images
    hold: Callable[..., Any] | None = None  # parts of weights that stay while the rest trains
    feed: Callable[..., Any] | None = None  # what a stage trains from, instead of the images
    share: Callable[..., Any] | None = None  # what this process reads of an epoch
    callbacks: Callable[..., Any] | None = None  # Keras callbacks of a stage
    around: Callable[[Config], AbstractContextManager[Config]] | None = None  # all of `train`
    run: Callable[..., Any] | None = None  # how a run is opened
    around_commands: Callable[[], AbstractContextManager[None]] | None = None  # each of them
    before_training: Callable[..., None] | None = None
    after_training: Callable[[Path], None] | None = None
    test_examples: Callable[..., Any] | None = None  # those that can test a run
    after_evaluation: Callable[[Path], None] | None = None


@functools.cache
def kits() -> tuple[Kit, ...]:
    """Every kit that is there, in the order of their names."""
    folder = str(Path(__file__).with_name("kits"))
    names = sorted(module.name for module in pkgutil.iter_modules([folder]) if module.ispkg)
    return tuple(importlib.import_module(f"{__package__}.kits.{name}").KIT for name in names)


@contextmanager
def around_command() -> Iterator[None]:
    """Enter the kits' contexts; characters that the terminal cannot encode are replaced."""
    sys.stdout = sys.stdout or io.StringIO()  # None where the standard output is closed
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    with ExitStack() as stack:
        for kit in kits():
            if kit.around_commands:
                stack.enter_context(kit.around_commands())
        yield


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which settings a command uses."""
    text = "Override a setting, such as training.seed=3; repeatable."
    command = click.option("--set", "overrides", multiple=True, metavar="K=V", help=text)(command)
    kind, text = click.Path(path_type=Path), "The file with the settings.  [default: config.toml]"
    return click.option("--config", type=kind, default="config.toml", help=text)(command)


def with_config(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same options, read: the command is given the settings."""

    @functools.wraps(command)
    def loaded(config: Path, overrides: tuple[str, ...], **rest: Any) -> Any:
        elsewhere = Path.cwd() not in config.resolve().parents
        if elsewhere and config.exists() and not Path("config.toml").exists():
            raise ConfigError(
                f"runs and cache are folders of the one you work in, and {Path.cwd()} is no "
                f"project: `cd {config.parent}` first"
            )
        return command(load(config, overrides), **rest)

    return config_options(loaded)


with_run = click.option("--run", "name", help="Which run, by its name.  [default: the newest]")
