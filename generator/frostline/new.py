"""`frostline new`: resolves the answers, shows the plan, renders the project."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from frostline.answers import checks
from frostline.answers.question import Question, Value
from frostline.answers.resolve import Answers, Find, Given, resolve
from frostline.asking.command_line import collect
from frostline.looking.look import look_at_given
from frostline.rendering import destination
from frostline.rendering.render import Renderer

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
    """Make the project, or with `dry_run` show what would be made."""
    given = collect(options)
    if directory is not None:
        folder = destination.choose(directory).name
        given["project_slug"] = Given(folder)
        given.setdefault("name", Given(folder))
    interactive = not (defaults or no_input)
    found = look_at_given(given)
    for line in found.lines(given) if found else ():
        print(f"look: {line}", file=sys.stderr)
    answers = _resolve(given, directory, interactive, found.default if found else None)
    path = Path(directory or answers.values["project_slug"])
    for key in checks.LOCATED:
        answers.values[key] = _relative_to_project(answers.values[key], path)
    renderer = Renderer(answers.values)
    files = sorted(name for name, _ in renderer.files())
    if dry_run and not as_json:
        print(_preview(answers, path, files))
    elif interactive and not dry_run:
        _confirm(answers, path, files)
    else:
        for note in answers.notes:
            print(f"note: {note}", file=sys.stderr)
    if not dry_run:
        destination.make(path, renderer.write)
    if as_json:
        report = _report(answers, path, files) | ({"look": found.as_json()} if found else {})
        print(json.dumps(report, indent=2, ensure_ascii=False))
    elif not dry_run:
        print(_done(answers.values, path, files))


def _resolve(
    given: Mapping[str, Given], directory: str | None, interactive: bool, find: Find | None
) -> Answers:
    def check(question: Question, value: Value, earlier: dict[str, Any]) -> None:
        checks.check(question, value, earlier)
        if question.key == "project_slug" and directory is None:
            destination.check_free(Path(str(value)))

    if not interactive:
        return resolve(given, check=check, find=find)
    from frostline.asking.prompts import Prompter
    from frostline.asking.terminal import keyboard

    return resolve(given, Prompter(keyboard(), given.keys(), check), check, find)


def _relative_to_project(file: str, project: Path) -> str:
    """The path of a file or folder, relative to the project instead of the current folder."""
    if not isinstance(file, checks.LocalFile) or PurePath(file).is_absolute():
        return str(file)
    try:
        return Path(os.path.relpath(file, project)).as_posix()
    except ValueError:  # another drive on Windows
        return str(Path(file).absolute())


def _preview(answers: Answers, path: Path, files: list[str]) -> str:
    from frostline.rendering import plan, tree

    planned = plan.make(answers.values, answers.notes)
    listing = "\n".join(f"  {line}" for line in tree.folded(files, answers.values["package"]))
    return f"{planned.as_text()}\n\n{path}, {len(files)} files:\n{listing}"


def _confirm(answers: Answers, path: Path, files: list[str]) -> None:
    """Show the plan and the files, and let the user decline."""
    from frostline.asking.terminal import keyboard

    print(f"\n{_preview(answers, path, files)}\n", file=sys.stderr)
    if not keyboard().confirm("Make it?", True):
        print("frostline: nothing was written", file=sys.stderr)
        sys.exit(DECLINED)


def _report(answers: Answers, path: Path, files: list[str]) -> dict[str, Any]:
    from frostline.rendering import plan

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
