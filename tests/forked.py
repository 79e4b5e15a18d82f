"""Runs projects' own tests in forks of one process that has imported TensorFlow.

So it is imported once, not once a project, and what one project's tests do to it is gone with the
fork.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

from support import clean_environment

SLOW_TO_IMPORT = ["tensorflow", "keras", "matplotlib.pyplot", "pytest"]


def own_tests(project: Path, files: Sequence[str]) -> tuple[int | None, str]:
    """Run these files of the project's tests; pytest's exit code, and what it said."""
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(SLOW_TO_IMPORT)
    said = project.with_name(f"{project.name}.log")
    variables = clean_environment(project, PYTHONPATH="src", TF_CPP_MIN_LOG_LEVEL="2")
    fork = context.Process(target=_run, args=(project, files, said, variables))
    fork.start()
    fork.join()
    return fork.exitcode, said.read_text(encoding="utf-8", errors="replace")


def _run(project: Path, files: Sequence[str], said: Path, variables: dict[str, str]) -> None:
    """What `PYTHONPATH=src python -m pytest FILES` does in the project's folder."""
    import pytest

    os.environ.clear()
    os.environ.update(variables)
    os.chdir(project)
    here = str(Path(__file__).parent)
    sys.path[:] = [str(project), str(project / "src"), *(p for p in sys.path if here not in p)]
    with said.open("w", encoding="utf-8") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
            sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files]))
