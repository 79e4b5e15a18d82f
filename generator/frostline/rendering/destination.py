"""Where the project goes; it is written completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from frostline.errors import UserError
from frostline.names import folder_problem


def choose(directory: str) -> Path:
    """The folder of the argument DIRECTORY, which must be missing or empty."""
    path = Path(directory)
    if ".." in PurePath(directory).parts:
        raise UserError(
            f"'{directory}' leads out through ..; change to the folder that the project goes into, "
            "or give the absolute path"
        )
    if problem := folder_problem(path.name):
        raise UserError(problem if path.name else f"'{directory}' is not the name of a new folder")
    check_free(path)
    return path


def check_free(path: Path) -> None:
    """Refuse a destination that exists already, or that cannot be created."""
    parent = next(folder for folder in path.absolute().parents if os.path.lexists(folder))
    try:
        taken = os.path.lexists(path) and not (_is_plain_folder(path) and not any(path.iterdir()))
        if taken:
            raise UserError(f"'{path}' exists already; choose another name, or move it away")
        if not parent.is_dir():
            raise UserError(f"'{parent}' is no folder to make '{path}' in")
    except OSError as problem:
        raise UserError(f"'{path}' cannot be created: {problem.strerror}") from None
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UserError(f"the folder '{parent}' cannot be written to")


def make(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary folder beside the destination, then rename it into place.

    If anything fails, the temporary folder and the folders made around it are removed, and the
    destination is untouched.
    """
    check_free(path)
    above = [folder for folder in path.absolute().parents if not os.path.lexists(folder)]
    work = path.absolute().parent / f".frostline-{secrets.token_hex(4)}"
    try:
        _make_folder(work)  # and what is missing above it
        project = work / path.name
        project.mkdir()
        write(project)
        _take(project, path)
    finally:
        with _uninterrupted():
            shutil.rmtree(work, ignore_errors=True)
            for folder in above:  # the innermost first; those that hold something stay
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _make_folder(work: Path) -> None:
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(mode=0o700)
    except OSError as problem:
        raise UserError(
            f"the folder '{work.parent}' cannot be written to: {problem.strerror}"
        ) from None


def _take(project: Path, path: Path) -> None:
    """Rename; where several processes take one name at once, the first wins."""
    check_free(path)
    with contextlib.suppress(OSError):
        path.rmdir()  # an empty folder may be replaced, but Windows cannot rename onto one
    try:
        project.rename(path)
    except OSError as problem:
        if not os.path.lexists(path):
            raise
        raise UserError(f"'{path}' was created by another process meanwhile") from problem


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore a second Ctrl-C while cleaning up after the first."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # signals arrive in the main thread only
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
