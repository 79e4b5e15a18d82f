"""The Click commands: each calls the module that does the work, and prints the result.

The modules are imported inside the commands, so that `frostline --help` starts fast.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Callable
from typing import Any

import click

from frostline import __version__
from frostline.answers.question import Question
from frostline.answers.questions import QUESTIONS
from frostline.errors import UserError, did_you_mean

Command = Callable[..., None]


class Suggesting(click.Group):
    """A group that suggests the nearest command for a mistyped one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click does, with the nearest name instead of the usage text."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = did_you_mean(name, self.commands)
            raise UserError(f"no command '{name}'{near or ';'} 'frostline --help' lists them")
        return super().resolve_command(ctx, args)


@click.group(cls=Suggesting, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="frostline %(version)s")
def frostline() -> None:
    """Make a project that fine-tunes a pretrained network, stage by stage."""


def choices(command: Command) -> Command:
    """Add every question as an option, and the answers file."""
    command = click.option(
        "--answers",
        "answers_file",
        metavar="FILE.toml",
        help="Answers from a file; flags override them.",
    )(command)
    for question in reversed(QUESTIONS):
        if question.key != "project_slug":
            command = _option(question)(command)
    return command


def _option(question: Question) -> Callable[[Command], Command]:
    if question.kind == "switch":
        flags = f"{question.flag}/{question.flag.replace('--', '--no-', 1)}"
        return click.option(flags, question.key, default=None, help=question.explained)
    return click.option(
        question.flag,
        question.key,
        metavar=question.metavar or "|".join(question.choices) or "TEXT",
        multiple=question.key in ("layers", "filters"),
        default=None,
        help=question.explained,
    )


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@frostline.command()
@click.argument("directory", required=False)
@choices
@click.option("--defaults", is_flag=True, help="Take the defaults for what is left open.")
@click.option("--no-input", is_flag=True, help="Never prompt; the same as --defaults, for scripts.")
@click.option("--dry-run", is_flag=True, help="Show the plan and the files; write nothing.")
@as_json
def new(**options: Any) -> None:
    """Make a project in DIRECTORY; prompts for what the options leave open."""
    from frostline.new import run

    run(**options)


@frostline.command()
@click.argument("folder")
@click.option("--table", default="", metavar="FILE.csv", help="A table that says what they show.")
@as_json
def look(folder: str, table: str, as_json: bool) -> None:
    """Look at the images in FOLDER, and say what 'new --images FOLDER' makes of them."""
    from frostline.looking.look import look

    found = look(folder, table)
    if as_json:
        click.echo(json_module.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(found.lines()))


@frostline.command()
@click.argument("pattern", required=False)
@as_json
def backbones(pattern: str | None, as_json: bool) -> None:
    """List the backbones, or those like PATTERN (part of a name, or a glob)."""
    from frostline.backbones import show

    click.echo(show.backbones(pattern, as_json))


@frostline.command()
@click.argument("backbone")
@as_json
def show(backbone: str, as_json: bool) -> None:
    """Show the input, blocks and layers of BACKBONE."""
    from frostline.backbones import show

    click.echo(show.backbone(backbone, as_json))


@frostline.command()
@choices
@as_json
def plan(as_json: bool, **options: Any) -> None:
    """Show the schedule for the same choices as 'new'; never prompts, writes nothing."""
    from frostline.answers.resolve import resolve
    from frostline.asking import command_line
    from frostline.looking.look import look_at_given
    from frostline.rendering import plan

    given = command_line.collect(options)
    found = look_at_given(given)
    answers = resolve(given, find=found.default if found else None)
    planned = plan.make(answers.values, answers.notes)
    if as_json:
        click.echo(json_module.dumps(planned.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(planned.as_text())


@frostline.command()
def schema() -> None:
    """Print the JSON Schema of an answers file."""
    from frostline.answers.schema import schema

    click.echo(json_module.dumps(schema(), indent=2, ensure_ascii=False))
