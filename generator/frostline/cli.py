"""The `frostline` command: every ending is an exit code and at most a sentence."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import click

FAILED, REFUSED, INTERRUPTED, TERMINATED = 1, 2, 130, 143


def main() -> NoReturn:
    """Run the command line; FROSTLINE_DEBUG=1 lets a traceback through."""
    try:
        status = _run(sys.argv[1:])
    except KeyboardInterrupt:
        status = INTERRUPTED
    except Exception as problem:
        if os.environ.get("FROSTLINE_DEBUG"):
            raise
        status = _report(problem)
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    import signal

    from frostline.commands import frostline

    for name in ("SIGTERM", "SIGHUP"):  # raise, as Ctrl-C does, so that `finally` cleans up
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(TERMINATED))
    status = frostline.main(arguments or ["--help"], prog_name="frostline", standalone_mode=False)
    return status or 0


def _report(problem: Exception) -> int:
    import click

    from frostline.errors import UserError

    if isinstance(problem, click.Abort):
        return INTERRUPTED
    if isinstance(problem, click.UsageError):
        _say(_usage(problem))
        return REFUSED
    if isinstance(problem, UserError):
        _say(str(problem))
        return REFUSED
    if isinstance(problem, BrokenPipeError):  # the reader of stdout has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if isinstance(problem, OSError):
        where = f" with '{problem.filename}'" if problem.filename else ""
        _say(f"cannot continue{where}: {problem.strerror or problem}")
        return FAILED
    _say(
        f"a bug in frostline ({type(problem).__name__}: {problem}); "
        "FROSTLINE_DEBUG=1 shows the traceback"
    )
    return FAILED


def _usage(problem: click.UsageError) -> str:
    """Click's message as one sentence, with the nearest option and how to list them."""
    import click

    from frostline.errors import did_you_mean

    path = problem.ctx.command_path if problem.ctx else "frostline"
    help_hint = f"'{path} --help' lists the options"
    if isinstance(problem, click.NoSuchOption) and problem.ctx:
        known = [name for option in problem.ctx.command.params for name in option.opts]
        near = did_you_mean(problem.option_name, [name for name in known if name[:2] == "--"])
        return f"no option {problem.option_name}{near or ';'} {help_hint}"
    return f"{problem.format_message().rstrip('.')}; {help_hint}"


def _say(sentence: str) -> None:
    print(f"frostline: {sentence}", file=sys.stderr)
