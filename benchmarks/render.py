"""Wall time of each command in a new process, against its peer in the same run.

`python benchmarks/render.py` measures and writes its section of BENCHMARKS.md. The commands take
turns, so that other load on the machine affects all of them; a ratio is the median of the ratios
within a turn.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from report import ROOT, write_section

BIN = Path(sys.executable).parent
ROUNDS = 11

COMMANDS: dict[str, list[str | Path]] = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "frostline --help": [BIN / "frostline", "--help"],
    "frostline new demo --no-input": [BIN / "frostline", "new", "demo", "--no-input"],
    "cookiecutter --no-input": [
        BIN / "cookiecutter",
        "--no-input",
        ROOT,
        "project_slug=demo",
        "name=demo",
    ],
}
PAIRS = (
    ("frostline new demo --no-input", "cookiecutter --no-input", "0.75"),
    ("frostline --help", "python -c pass", "7.5"),
)


def wall(command: list[str | Path], home: Path) -> float:
    """Milliseconds of one run in an empty folder, with a home of its own."""
    folder = Path(tempfile.mkdtemp(dir=home))
    environment = {**os.environ, "HOME": str(home), "USERPROFILE": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    taken = (time.perf_counter() - begin) * 1000
    shutil.rmtree(folder)
    return taken


def measure() -> dict[str, list[float]]:
    """The times of each command; the first run of each, which writes bytecode, is not counted."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        for turn in range(ROUNDS + 1):
            for name, command in COMMANDS.items():
                taken = wall(command, Path(home))
                if turn:
                    times[name].append(taken)
    return times


def section(times: dict[str, list[float]]) -> str:
    """The Markdown of the section."""
    rows = [
        f"| `{name}` | {median(taken):.0f} | {min(taken):.0f} |" for name, taken in times.items()
    ]
    ratios = [
        f"| `{ours}` against `{peer}` "
        f"| {median(a / b for a, b in zip(times[ours], times[peer], strict=True)):.2f} | {limit} |"
        for ours, peer, limit in PAIRS
    ]
    return "\n".join(
        [
            "## The command line",
            "",
            f"Cold processes, {ROUNDS} turns, Python {platform.python_version()}, cookiecutter "
            f"{version('cookiecutter')}, {platform.system()}, {os.cpu_count()} cores. Both render "
            "this repository's template with the same answers. Again: `make bench`.",
            "",
            "| command | median ms | least ms |",
            "| --- | ---: | ---: |",
            *rows,
            "",
            "| pair | ratio (median of the turns) | budget |",
            "| --- | ---: | ---: |",
            *ratios,
        ]
    )


def main() -> None:
    """Measure, print, and put the section into the report."""
    write_section("render", section(measure()))


if __name__ == "__main__":
    main()
