"""The generated tests go red when the freeze is broken: one fault at a time, none may survive.

`python tests/test_mutants.py` makes every fault and prints the table.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import Rendered
from support import needs_tensorflow, render, run

Mutant = dict[str, Any]
MUTANTS: list[Mutant] = tomllib.loads(
    Path(__file__).with_name("mutants.toml").read_text(encoding="utf-8")
)["mutant"]
EVERY_TIME = {"a selector that matches nothing is ignored", "one optimizer for all stages"}


def attempt(mutant: Mutant, folder: Path, *, broken: bool) -> subprocess.CompletedProcess[str]:
    """Render, break unless told otherwise, and run the test file that should notice."""
    project = render(mutant.get("answers", {}), folder / "demo").path
    source = project / "src" / "demo" / mutant["file"]
    text = source.read_text(encoding="utf-8")
    assert text.count(mutant["find"]) == 1, f"{mutant['file']} holds it not once: {mutant['find']}"
    if broken:
        source.write_text(text.replace(mutant["find"], mutant["replace"]), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", f"tests/{mutant['tests']}"]
    return run(command, project, PYTHONPATH="src")


def parameters() -> list[Any]:
    return [
        pytest.param(
            mutant,
            id=mutant["name"],
            marks=pytest.mark.medium if mutant["name"] in EVERY_TIME else pytest.mark.slow,
        )
        for mutant in MUTANTS
    ]


@needs_tensorflow
@pytest.mark.parametrize("mutant", parameters())
def test_a_fault_is_caught(mutant: Mutant, tmp_path: Path) -> None:
    done = attempt(mutant, tmp_path, broken=True)
    assert done.returncode == 1, f"survived, or did not even run:\n{done.stdout[-2000:]}"
    assert "FAILED tests/" in done.stdout


def test_every_fault_can_still_be_made(rendered: Rendered) -> None:
    gone = []
    for mutant in MUTANTS:
        project = rendered(**mutant.get("answers", {})).path
        text = next(project.glob(f"src/*/{mutant['file']}")).read_text(encoding="utf-8")
        if text.count(mutant["find"]) != 1:
            gone.append(mutant["name"])
    assert not gone


@needs_tensorflow
@pytest.mark.slow
@pytest.mark.parametrize("file", sorted({mutant["tests"] for mutant in MUTANTS}))
def test_what_is_whole_passes(file: str, tmp_path: Path) -> None:
    """Or the faults above would be caught by a test that is red anyway."""
    whole = next(mutant for mutant in MUTANTS if mutant["tests"] == file)
    done = attempt(whole, tmp_path, broken=False)
    assert done.returncode == 0, done.stdout[-2000:]


def report(mutant: Mutant) -> bool:
    """Make one fault, print its row, and say whether it was caught."""
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp())
    try:
        done = attempt(mutant, folder, broken=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    red = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    by = red[0].partition("::")[2].partition(" - ")[0].partition("[")[0] if red else "SURVIVED"
    row = f"{mutant['name']:<76} {by:<76} {time.monotonic() - begun:4.0f} s"
    # A render in the other thread redirects sys.stdout, for the whole process.
    print(row, file=sys.__stdout__, flush=True)
    return bool(red)


def main() -> int:
    with ThreadPoolExecutor(2) as pool:
        caught = list(pool.map(report, MUTANTS))
    print(f"{sum(caught)} of {len(caught)} caught", file=sys.__stdout__)
    return 0 if all(caught) else 1


if __name__ == "__main__":
    sys.exit(main())
