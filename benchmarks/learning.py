"""What is learned from real photographs, in what time: generated projects and their peers.

`python benchmarks/learning.py --data FOLDER --weights FILE` trains each method with each seed in
a process of its own and appends a line to build/learning.jsonl; what stands there is not run
again. `--report` writes the section of BENCHMARKS.md and the plots from these lines. FOLDER holds
cats_dogs/, blood_cells/ and streets/; FILE the weights of Keras' MobileNetV2 without its top.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from photosets import SETS, laid_out
from report import ROOT

BUILD = ROOT / "build"
WORK = BUILD / "learning"
SIZE = 160
METHODS = ("ours", "guide", "fastai", "probe")
STRATEGIES = ("head", "top", "staged", "full")
PACKAGE = "bench"
PIXELS = """
import sys
from pathlib import Path
import numpy as np
from bench.config import load
from bench.data.batches import in_order
from bench.data.load import load as examples
config = load(Path("config.toml"), sys.argv[2:])
splits, parts = examples(config), {}
for name in ("train", "validation", "test"):
    batches = list(in_order(getattr(splits, name), config.data))
    parts[f"{name}_x"] = np.concatenate([images.numpy() for images, _ in batches])
    parts[f"{name}_y"] = np.concatenate([targets.numpy() for _, targets in batches])
with open(sys.argv[1], "wb") as file:
    np.savez(file, names=np.array(splits.meaning.names), **parts)
"""


def main() -> None:
    options = arguments()
    if options.report:
        from learning_report import write

        write(rows(options.rows), options.label)
        return
    if not (options.data and options.weights):
        sys.exit("learning.py: --data and --weights say where the photos and the weights are")
    WORK.mkdir(parents=True, exist_ok=True)
    done = {key(row) for row in rows(options.rows)}
    for task in tasks(options):
        if key(task) not in done:
            row = run(task, options)
            with options.rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            shown = {k: v for k, v in row.items() if k not in ("curve", "figures")}
            print(json.dumps(shown), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--only", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=METHODS)
    parser.add_argument("--strategies", nargs="+", default=STRATEGIES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--guide-epochs", type=int, default=10, help="frozen, and again thawed")
    parser.add_argument("--peer-epochs", type=int, default=5, help="of fastai's recipe, thawed")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="TABLE.KEY=VALUE",
        help="for the generated project's `train`; give it a --label",
    )  # fmt: skip
    parser.add_argument("--label", default="", help="what rows with --set are called")
    parser.add_argument("--rows", type=Path, default=BUILD / "learning.jsonl")
    parser.add_argument("--report", action="store_true", help="write BENCHMARKS.md and the plots")
    options = parser.parse_args()
    if options.settings and not options.label:
        parser.error("--set needs a --label, or its rows would pass for the defaults'")
    return options


def rows(file: Path) -> list[dict[str, Any]]:
    """What was measured before; the line that a stopped run may have left half is skipped."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("set", "method", "strategy", "label", "seed"))


def tasks(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Seed by seed, so that other load on the machine meets all methods."""
    for seed in options.seeds:
        for name in options.only:
            for method in options.methods:
                if method == "probe" and SETS[name].task == "segmentation":
                    continue  # a linear model on pooled features has nothing to say of pixels
                for strategy in options.strategies if method == "ours" else [""]:
                    label = options.label if method == "ours" else ""
                    yield {
                        "set": name,
                        "method": method,
                        "strategy": strategy,
                        "label": label,
                        "seed": seed,
                    }


def run(task: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Train and judge; the row with the figures, the seconds and what the machine had to do."""
    print("now", *key(task), flush=True)
    began, load = datetime.now(), os.getloadavg()[0]
    measured = ours(task, options) if task["method"] == "ours" else peer(task, options)
    loads = [round(x, 1) for x in (load, os.getloadavg()[0])]
    when = began.isoformat(timespec="seconds")
    figure = measured["figures"][SETS[task["set"]].figure]
    settings = options.settings if task["method"] == "ours" else []
    return {
        **task, "figure": figure, **measured, "settings": settings, "when": when,
        "load": loads, "cores": os.cpu_count(),
    }  # fmt: skip


def ours(task: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """A project rendered for this run alone, so that nothing is left over from another."""
    folder = laid_out(task["set"], options.data, WORK / "sets")
    project = WORK / f"project-{os.getpid()}"
    settings = [*told(task["set"], folder), f"training.seed={task['seed']}", *options.settings]
    render(project, task["set"], task["strategy"], options.weights)
    flags = [part for setting in settings for part in ("--set", setting)]
    run_folder = project / "runs/1"
    watch = Watch(run_folder / "history.csv")
    before = worked()
    seconds, startup = timed([*PYTHON, PACKAGE, "train", *flags], project, watch)
    work = round(worked() - before, 2)
    judged, _ = timed([*PYTHON, PACKAGE, "evaluate", *flags], project)
    figures = json.loads((run_folder / "metrics.json").read_text())
    config = json.loads((run_folder / "config.json").read_text())
    count = read_counts(run_folder / "test.npz")
    watched = f"val_{SETS[task['set']].watched}"
    stages: dict[str, list[float]] = {}
    for row in watch.rows:
        stage = stages.setdefault(row["stage"], [0, 0.0])
        stage[0], stage[1] = stage[0] + 1, round(stage[1] + float(row["seconds"]), 3)
    result = {
        "figures": figures,
        "seconds": seconds,
        "startup": startup,
        "cpu_seconds": work,
        "evaluate_seconds": judged,
        "steps": len(watch.rows) * math.ceil(count / config["data"]["batch_size"]),
        "stages": stages,
        "curve": [[round(t, 2), float(row[watched])] for t, row in watch.timed()],
    }
    shutil.rmtree(project)
    return result


def worked() -> float:
    """Seconds that the processors worked for commands that ended: hardly changed by other load."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


PYTHON = [sys.executable, "-u", "-m"]


def read_counts(file: Path) -> int:
    """How many images the run learned from."""
    import numpy as np

    return int(np.load(file)["counts"][0])


def told(name: str, folder: Path) -> list[str]:
    return [setting.format(folder=folder) for setting in SETS[name].settings]


def render(project: Path, name: str, strategy: str, weights: Path) -> None:
    shutil.rmtree(project, ignore_errors=True)
    answers = {
        "backbone": "MobileNetV2", "weights": weights.resolve(), "task": SETS[name].task,
        "data": SETS[name].source, "freeze": strategy, "image-size": SIZE, "package": PACKAGE,
    }  # fmt: skip
    flags = [part for name, value in answers.items() for part in (f"--{name}", str(value))]
    command = [*PYTHON, "frostline", "new", str(project), *flags, "--no-sample-data", "--no-input"]
    subprocess.run(command, check=True, env=environment(ROOT / "generator"), capture_output=True)


def environment(source: Path) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPATH": str(source), "TF_CPP_MIN_LOG_LEVEL": "2"}


class Watch(threading.Thread):
    """Notes when a run's history grows: the project itself keeps no clock of the whole."""

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True)
        self.file, self.rows, self.ends = file, [], []
        self.began = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.look()
        self.look()

    def look(self) -> None:
        try:
            rows = list(csv.DictReader(self.file.read_text(encoding="utf-8").splitlines()))
            changed = self.file.stat().st_mtime - self.began
        except FileNotFoundError:
            return
        if len(rows) > len(self.rows):
            # Of epochs that ended between two looks, each ended its successor's seconds earlier.
            ends = [changed]
            for row in reversed(rows[len(self.rows) + 1 :]):
                ends.append(ends[-1] - float(row["seconds"]))
            self.ends += reversed(ends)
            self.rows = rows

    def timed(self) -> Iterator[tuple[float, dict[str, str]]]:
        return zip(self.ends, self.rows, strict=True)


def timed(command: list[str], project: Path, watch: Watch | None = None) -> tuple[float, float]:
    """Seconds that the command took, and those until its first line: imports, mostly."""
    errors = project / "errors.txt"
    began = time.perf_counter()
    if watch:
        watch.began = time.time()
        watch.start()
    with errors.open("w") as log, subprocess.Popen(
        command, cwd=project, env=environment(project / "src"), stdout=subprocess.PIPE, stderr=log
    ) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        started = time.perf_counter() - began
        shown = process.stdout.read().decode()
    seconds = time.perf_counter() - began
    if watch:
        watch.over.set()
        watch.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed in {project}:\n{shown}\n{errors.read_text()[-3000:]}")
    return round(seconds, 2), round(started, 2)


def pixels(name: str, options: argparse.Namespace) -> Path:
    """The pixels and targets that the generated project sees, for its peers."""
    file = WORK / f"{name}-{SIZE}.npz"
    if not file.exists():
        folder = laid_out(name, options.data, WORK / "sets")
        project = WORK / f"pixels-{os.getpid()}"
        render(project, name, "head", options.weights)
        script = [sys.executable, "-c", PIXELS, str(file.with_suffix(".new")), *told(name, folder)]
        subprocess.run(script, check=True, cwd=project, env=environment(project / "src"))
        file.with_suffix(".new").rename(file)
        shutil.rmtree(project)
    return file


def peer(task: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Another program on the same pixels, already decoded: that time is a present to it."""
    out = WORK / f"peer-{os.getpid()}.json"
    epochs = {"guide": options.guide_epochs, "fastai": options.peer_epochs}.get(task["method"], 0)
    order = {
        "method": task["method"],
        "task": SETS[task["set"]].task,
        "pixels": str(pixels(task["set"], options)),
        "weights": str(options.weights.resolve()),
        "seed": task["seed"],
        "epochs": epochs,
        "out": str(out),
    }
    command = [sys.executable, "-u", str(Path(__file__).with_name("peers.py")), json.dumps(order)]
    began = time.perf_counter()
    errors = WORK / f"errors-{os.getpid()}.txt"
    with errors.open("w") as log:
        code = subprocess.run(command, env=environment(ROOT / "generator"), stderr=log).returncode
    seconds = time.perf_counter() - began
    if code:
        sys.exit(f"{' '.join(command)} failed:\n{(WORK / 'errors.txt').read_text()[-3000:]}")
    result = json.loads(out.read_text())
    out.unlink()
    errors.unlink()
    result["epochs"] = epochs
    # As for the project: the whole command, without the judging on test images.
    lost = round(seconds - result["seconds"] - result["judging"], 2)
    result["startup"], result["judging"] = lost, round(result["judging"], 2)
    result["seconds"] = round(result["seconds"] + lost, 2)
    result["curve"] = [[round(t + lost, 2), value] for t, value in result["curve"]]
    return result


if __name__ == "__main__":
    main()
