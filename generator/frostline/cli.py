"""The `frostline` command: what it may end with, and in which words."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import click

FAILED, REFUSED, INTERRUPTED, TERMINATED = 1, 2, 130, 143


def main() -> NoReturn:
    """Run the command line; every ending is a status and at most a sentence."""
    try:
        status = _run(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    except SystemExit as ending:
        raise ending
    except Exception as problem:
        if os.environ.get("FROSTLINE_DEBUG"):
            raise
        status = _report(problem)
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    import signal

    from frostline.commands import frostline

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(TERMINATED))
    frostline.main(arguments or ["--help"], prog_name="frostline", standalone_mode=False)
    return 0


def _report(problem: Exception) -> int:
    import click

    from frostline.errors import UserError

    if isinstance(problem, click.Abort):
        return INTERRUPTED
    if isinstance(problem, click.exceptions.Exit):
        return problem.exit_code
    if isinstance(problem, click.UsageError):
        _say(f"{problem.format_message().rstrip('.')} ({_help(problem)})")
        return REFUSED
    if isinstance(problem, UserError):
        _say(str(problem))
        return REFUSED
    if isinstance(problem, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if isinstance(problem, OSError):
        where = f" '{problem.filename}'" if problem.filename else ""
        _say(f"cannot go on{where}: {problem.strerror or problem}")
        return FAILED
    _say(
        f"this is a fault of frostline, not yours: {type(problem).__name__}: {problem}; "
        "FROSTLINE_DEBUG=1 shows where"
    )
    return FAILED


def _help(problem: click.UsageError) -> str:
    path = problem.ctx.command_path if problem.ctx else "frostline"
    return f"'{path} --help' lists what there is"


def _say(sentence: str) -> None:
    print(f"frostline: {sentence}", file=sys.stderr)
