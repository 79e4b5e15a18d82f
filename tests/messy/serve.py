"""A process that runs commands of rendered projects, one after the other: TensorFlow starts once.

A line of JSON says what to run, a line of JSON what came of it. Training itself is left out unless
it is asked for: what comes before and after it is what a case is about.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

Request = dict[str, Any]


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


def answer(request: Request) -> dict[str, Any]:
    from click.testing import CliRunner

    package = request["package"]
    sys.path[:0] = [] if request["src"] in sys.path else [request["src"]]
    cli = importlib.import_module(f"{package}.cli")
    os.chdir(request["cwd"])
    found: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        for name in request["patches"]:
            stack.enter_context(PATCHES[name](package, found))
        result = CliRunner().invoke(cli.main, request["arguments"])
    forget(package)
    trace = ""
    if result.exception and not isinstance(result.exception, SystemExit):
        assert result.exc_info
        trace = "".join(traceback.format_exception(*result.exc_info))
    return {"code": result.exit_code, "said": result.output, "trace": trace, **found}


def forget(package: str) -> None:
    """Leave the process as a new one would be."""
    for name, module in list(sys.modules.items()):
        if name.startswith(package):
            for held in (getattr(module, "_held", []), getattr(module, "_locks", [])):
                while held:
                    os.close(held.pop())
            for remembered in ("_opened", "_seen"):
                getattr(module, remembered, {}).clear()


def module(package: str, name: str) -> Any:
    return importlib.import_module(f"{package}.{name}")


@contextlib.contextmanager
def untrained(package: str, found: dict[str, Any]) -> Iterator[None]:
    """The schedule only says what it would train on."""

    def tell(config: Any, splits: Any, run: Any) -> None:
        import click

        progress, _ = run.load()
        click.echo(f"TRAINS {run.folder} from epoch {len(progress.history)}")
        parts = {name: getattr(splits, name) for name in ("train", "validation", "test")}
        found["counts"] = {name: len(part) for name, part in parts.items()}
        found["classes"] = list(splits.meaning.names)
        sys.exit(0)  # there is no model that could be shown

    with patch.object(module(package, "training.schedule"), "train", tell):
        yield


def cut(name: str, when: int) -> Callable[[str, dict[str, Any]], Any]:
    """A kill, as far as one process can: nothing runs after a save of the state, or before."""

    @contextlib.contextmanager
    def killed(package: str, found: dict[str, Any]) -> Iterator[None]:
        run, calls = module(package, "training.run"), 0
        whole = run.Run.save if name == "save" else run.record.write_history

        def once(*arguments: Any) -> None:
            nonlocal calls
            calls += 1
            if name == "save" or calls < when:
                whole(*arguments)
            if calls == when:
                raise KeyboardInterrupt

        place = (run.Run, "save") if name == "save" else (run.record, "write_history")
        with patch.object(*place, once):
            yield

    return killed


@contextlib.contextmanager
def full(package: str, found: dict[str, Any]) -> Iterator[None]:
    """No file can be written to its end."""

    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "runs/x")

    with patch("os.fsync", fail):
        yield


def forbidden(number: int, ending: str) -> Callable[[str, dict[str, Any]], Any]:
    """Files of such a name are not opened: the rights, the memory or the disk do not allow it."""

    @contextlib.contextmanager
    def opened(package: str, found: dict[str, Any]) -> Iterator[None]:
        whole = io.open

        def refuse(file: Any, *arguments: Any, **named: Any) -> Any:
            if isinstance(file, str | os.PathLike) and ending in os.fspath(file):
                if number == errno.ENOMEM:
                    raise MemoryError
                raise OSError(number, os.strerror(number), os.fspath(file))
            return whole(file, *arguments, **named)

        with patch("io.open", refuse), patch("builtins.open", refuse):
            yield

    return opened


PATCHES: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "untrained": untrained,
    "killed after the state": cut("history", 2),
    "killed after an epoch": cut("save", 2),
    "killed after the first epoch": cut("save", 1),
    "full disk": full,
    "no rights to pictures": forbidden(errno.EACCES, "0.png"),
    "no rights to cache": forbidden(errno.EACCES, "cache/"),
    "read-only runs": forbidden(errno.EROFS, "runs/"),
    "no memory": forbidden(errno.ENOMEM, "0.png"),
}

if __name__ == "__main__":
    main()
