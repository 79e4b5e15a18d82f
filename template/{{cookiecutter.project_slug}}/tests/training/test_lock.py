"""Two processes never train one run, and a kill leaves no lock behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.training.lock import lock
from {{ cookiecutter.package }}.training.run import Run, open_run

HOLD = """
import os, sys, time
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.lockf(file, os.F_TLOCK, 0)
os.write(file, b"process 1 of another")
print("held", flush=True)
time.sleep(600)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such lock")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, that has the run."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_run_is_one_process_until_that_is_killed(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    with pytest.raises(ConfigError, match="is being trained by process 1 of another; wait"):
        lock(tmp_path)
    other.kill()
    other.wait()
    lock(tmp_path)
    assert (tmp_path / "lock").read_text().startswith("process ")


def test_a_run_of_another_process_stays_as_it_is(
    quick: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has just begun, so that its number is not taken, and one that goes on."""
    taken: list[Path] = []

    def refuse(folder: Path) -> None:
        taken.append(folder)
        raise ConfigError("taken")

    open_run(tmp_path, quick, fresh=False).save_base(0, ())
    (tmp_path / "2").mkdir()
    monkeypatch.setattr("{{ cookiecutter.package }}.training.run.lock", refuse)
    for fresh in (False, True):
        with pytest.raises(ConfigError, match="taken"):
            open_run(tmp_path, quick, fresh)
    assert taken == [tmp_path / "1", tmp_path / "2"]
    assert not Run(tmp_path / "2").settings.exists()
