"""Where the first minutes of a training go: reading, comparing, the pass, tracing, fitting.

`python benchmarks/minutes.py --data FOLDER --weights FILE` trains cats and dogs as `learning.py`
does, with a clock around the functions that take long, and writes its section of BENCHMARKS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from learning import WORK, environment, render, told
from photosets import laid_out
from report import write_section

SET = "cats_dogs"
PARTS = {
    "imports": "imports, TensorFlow most of all",
    "read": "every photo read once, whole",
    "before_training": "photos compared, their scaling checked",
    "build": "the network built, its weights loaded",
    "prepare": "stages prepared: frozen, verified, compiled",
    "fill": "the pass: outputs of the frozen part, for each photo and view",
    "trace": "first epochs, beyond the time of others: tracing",
    "epochs": "all other time of epochs, state saved after each",
    "after_training": "plots",
    "rest": "all else",
}
CHILD = """
import time
began = time.perf_counter()
import csv, dataclasses, functools, json, sys
from statistics import median

spent, stack = {}, []


def clocked(name, function):
    @functools.wraps(function)
    def timed(*arguments, **options):
        start = time.perf_counter()
        stack.append(0.0)
        try:
            return function(*arguments, **options)
        finally:
            whole = time.perf_counter() - start
            spent[name] = spent.get(name, 0.0) + whole - stack.pop()
            if stack:
                stack[-1] += whole
    return timed


import keras
from bench import cli, hooks
from bench.data import load
from bench.kits.cache import outputs
from bench.training import schedule

spent["imports"] = time.perf_counter() - began
load.load = clocked("read", load.load)
outputs.fill = clocked("fill", outputs.fill)
for name in ("build", "prepare"):
    setattr(schedule, name, clocked(name, getattr(schedule, name)))
keras.Model.fit = clocked("fit", keras.Model.fit)
kits = hooks.kits()
moments = ("before_training", "after_training")
cli.kits = lambda: [
    dataclasses.replace(
        kit, **{m: clocked(m, getattr(kit, m)) for m in moments if getattr(kit, m)}
    )
    for kit in kits
]
try:
    cli.main(["train", *sys.argv[2:]], standalone_mode=False)
finally:
    whole = time.perf_counter() - began
stages = {}
with open("runs/1/history.csv") as file:
    for row in csv.DictReader(file):
        stages.setdefault(row["stage"], []).append(float(row["seconds"]))
fit = spent.pop("fit")
spent["trace"] = sum(max(0, seconds[0] - median(seconds)) for seconds in stages.values())
spent["epochs"] = fit - spent["trace"]
spent["rest"] = whole - sum(spent.values())
with open(sys.argv[1], "w") as file:
    json.dump(spent, file)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--strategies", nargs="+", default=["head", "top", "staged"])
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    folder = laid_out(SET, options.data, WORK / "sets")
    load = os.getloadavg()[0]
    found = {name: one(name, folder, options.weights) for name in options.strategies}
    write_section("minutes", table(found, load))


def one(strategy: str, folder: Path, weights: Path) -> dict[str, float]:
    """The seconds of each part, in a project and a process of their own."""
    project = WORK / f"minutes-{os.getpid()}"
    render(project, SET, strategy, weights)
    flags = [part for setting in told(SET, folder) for part in ("--set", setting)]
    command = [sys.executable, "-u", "-c", CHILD, "spent.json", *flags]
    done = subprocess.run(
        command, cwd=project, env=environment(project / "src"), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{strategy} failed:\n{done.stderr[-3000:]}")
    spent: dict[str, float] = json.loads((project / "spent.json").read_text())
    shutil.rmtree(project)
    return spent


def table(found: dict[str, dict[str, float]], load: float) -> str:
    lines = [
        "## The first minutes",
        "",
        "Seconds of a whole `train` on 600 photos of cats and dogs (MobileNetV2 at 160 pixels, "
        f"{os.cpu_count()} CPU cores, load {load:.1f} before). Again: "
        "`python benchmarks/minutes.py --data FOLDER --weights FILE`.",
        "",
        f"| what | {' | '.join(f'`{name}`' for name in found)} |",
        f"| --- |{' ---: |' * len(found)}",
    ]
    for part, words in PARTS.items():
        cells = (f"{spent.get(part, 0):.1f}" for spent in found.values())
        lines.append(f"| {words} | {' | '.join(cells)} |")
    sums = (f"{sum(spent.values()):.1f}" for spent in found.values())
    lines.append(f"| together | {' | '.join(sums)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
