"""`frostline new`: ask, show the plan, render."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from frostline import checks, destination
from frostline.answers import Answers, Given, resolve
from frostline.given import collect
from frostline.render import Renderer
from frostline.values import Question, Value

DECLINED = 1


def run(
    directory: str | None,
    *,
    defaults: bool,
    no_input: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Make the project, or show what would be made."""
    given = collect(options)
    if directory is not None:
        folder = destination.choose(directory).name
        given["project_slug"] = Given(folder)
        given.setdefault("name", Given(folder))
    asks = not (defaults or no_input)
    answers = _resolve(given, directory, asks)
    path = Path(directory or answers.values["project_slug"])
    answers.values["weights"] = _as_the_project_sees_it(answers.values["weights"], path)
    renderer = Renderer(answers.values)
    files = sorted(name for name, _ in renderer.files())
    if dry_run and not as_json:
        print(_preview(answers, path, files))
    elif asks and not dry_run:
        _confirm(answers, path, files)
    else:
        for note in answers.notes:
            print(f"note: {note}", file=sys.stderr)
    if not dry_run:
        destination.make(path, renderer.write)
    if as_json:
        print(json.dumps(_report(answers, path, files), indent=2, ensure_ascii=False))
    elif not dry_run:
        print(_done(answers.values, path, files))


def _resolve(given: Mapping[str, Given], directory: str | None, asks: bool) -> Answers:
    def check(question: Question, value: Value, earlier: dict[str, Any]) -> None:
        checks.check(question, value, earlier)
        if question.key == "project_slug" and directory is None:
            destination.check_free(Path(str(value)))

    if not asks:
        return resolve(given, check=check)
    from frostline.prompts import Prompter, keyboard

    return resolve(given, Prompter(keyboard(), given.keys(), check), check)


def _as_the_project_sees_it(weights: str, project: Path) -> str:
    """A file that was named from here or from the answers file, named from the project."""
    if not isinstance(weights, checks.LocalFile) or PurePath(weights).is_absolute():
        return str(weights)
    try:
        return Path(os.path.relpath(weights, project)).as_posix()
    except ValueError:  # another drive on Windows
        return str(Path(weights).absolute())


def _preview(answers: Answers, path: Path, files: list[str]) -> str:
    from frostline import plan, tables

    planned = plan.make(answers.values, answers.notes)
    listing = "\n".join(f"  {path / name}" for name in files)
    return f"{tables.schedule(planned)}\n\n{len(files)} files:\n{listing}"


def _confirm(answers: Answers, path: Path, files: list[str]) -> None:
    """Show what would be made, and let the user say no."""
    from frostline.prompts import keyboard

    print(f"\n{_preview(answers, path, files)}\n", file=sys.stderr)
    if not keyboard().confirm("Make it?", True):
        print("frostline: nothing was written", file=sys.stderr)
        sys.exit(DECLINED)


def _report(answers: Answers, path: Path, files: list[str]) -> dict[str, Any]:
    from frostline import plan

    return {
        "project": str(path),
        "answers": answers.values,
        "plan": plan.make(answers.values, answers.notes).as_json(),
        "files": files,
        "next": _next(path),
    }


def _done(values: Mapping[str, Any], path: Path, files: list[str]) -> str:
    what = f"{values['backbone']}, {values['task']}, {values['freeze']}"
    return f"{path}: {what}, {len(files)} files\nNow: {_next(path)}"


def _next(path: Path) -> str:
    return f"cd {shlex.quote(str(path))} && make train"
