"""Where cases are run: rendered projects, in this process without TensorFlow, and in another."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from messy.cases import fill
from support import Answers, clean_environment, render

PROJECTS: dict[str, Answers] = {
    "folder": {"task": "multiclass"},
    "csv": {"task": "multiclass", "data": "csv"},
    "labels": {"task": "multilabel", "data": "csv"},
    "numbers": {"task": "regression", "data": "csv"},
    "masks": {"task": "segmentation"},
    "shards": {"task": "multiclass", "data": "tfrecord"},
}
TABLES = ("csv", "labels", "numbers")
BEGUN: dict[str, Any] = {"folder": fill("cat", "dog", count=16)}
STAGE = '[[stage]]\nname = "head"\ntrain = []\nepochs = 3\nlearning_rate = 1e-3\n'
LONG = 60  # seconds after which a command hangs: the alarm ends the tests


@dataclass
class Outcome:
    """What a command came to."""

    code: int
    said: str
    trace: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    classes: list[str] | None = None


class Bench:
    """The projects, rendered when they are asked for, and the process that runs their commands."""

    def __init__(self, where: Path) -> None:
        self.where, self.process = where, None
        self.packages: dict[str, Path] = {}

    def project(self, name: str) -> Path:
        if name not in self.packages:
            package = {"package": f"messy_{name}", "sample_data": name == "folder"}
            path = render({**PROJECTS[name], **package}, self.where / name).path
            self.packages[name] = path
            sys.path.insert(0, str(path / "src"))
        return self.packages[name]

    def copy(self, name: str, where: Path) -> Path:
        """A folder that the commands run in: settings, and room for data."""
        project = self.project(name)
        where.mkdir(parents=True, exist_ok=True)
        text = (project / "config.toml").read_text(encoding="utf-8")
        path = "data/labels.csv" if name in TABLES else "data"
        lines = [f'path = "{path}"' if x.startswith("path = ") else x for x in text.splitlines()]
        weights = (project / f"src/messy_{name}/model/tiny.weights.h5").as_posix()
        lines = [f'weights = "{weights}"' if x.startswith("weights = ") else x for x in lines]
        (where / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (where / "data").mkdir()
        return where

    def run(self, name: str, cwd: Path, *arguments: str, patches: Sequence[str] = ()) -> Outcome:
        """A command of a project, in the other process."""
        src = str(self.project(name) / "src")
        if self.process is None:
            environment = clean_environment(self.where, CUDA_VISIBLE_DEVICES="")
            environment["TF_CPP_MIN_LOG_LEVEL"] = "3"
            with (self.where / "stderr.txt").open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, str(Path(__file__).with_name("serve.py"))],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment,
                )
        request = {"package": f"messy_{name}", "src": src, "cwd": str(cwd)}
        request |= {"arguments": arguments, "patches": patches}
        process: Any = self.process
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 5 * LONG)
        line = process.stdout.readline() if ready else b""
        if not line:
            self.stop()
            return Outcome(-1, "", "it hangs" if not ready else "the process died")
        return Outcome(**json.loads(line))

    def begun(self, name: str, stage: str) -> Path:
        """A project whose run was killed after two of three epochs, or is finished; copy it."""
        where = self.where / f"{name}-{stage}"
        if not where.exists():
            config = self.copy(name, where) / "config.toml"
            BEGUN[name](where / "data")
            text = re.sub(r"\[\[stage]].*", "", config.read_text(encoding="utf-8"), flags=re.DOTALL)
            held = re.sub(r"(validation|test) = 0.15", r"\1 = 0.25", text)
            config.write_text(held + STAGE, encoding="utf-8")
            patches = [] if stage == "finished" else ["killed after an epoch"]
            outcome = self.run(name, where, "train", patches=patches)
            assert outcome.code == (130 if patches else 0), outcome
        return where

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def find(self, name: str, cwd: Path, settings: Sequence[str]) -> Outcome:
        """What the source finds, in this process; no picture is opened."""
        self.project(name)
        package, said = f"messy_{name}", io.StringIO()
        with without_tensorflow():
            modules = {
                part: importlib.import_module(f"{package}.{part}")
                for part in ("config", "errors", "data.source", "data.targets", "data.split")
            }
        outcome = Outcome(0, "")
        with contextlib.chdir(cwd), contextlib.redirect_stdout(said):
            try:
                signal.alarm(LONG)
                config = modules["config"].load(Path("config.toml"), settings)
                columns, items = modules["data.source"].find(config)
                names, _ = modules["data.targets"].encode(items, columns, config)
                modules["data.split"].divide(
                    items, [ascii(item.file) for item in items], config.data
                )
                outcome.classes = list(names)
                outcome.counts = dict(Counter(item.split for item in items))
            except Exception as problem:
                text = modules["errors"].sentence(problem)
                outcome.code = 2 if isinstance(problem, modules["config"].ConfigError) else 1
                outcome.trace = "" if text else repr(problem)
                print(f"error: {text}")
            finally:
                signal.alarm(0)
        outcome.said = said.getvalue()
        return outcome


@contextlib.contextmanager
def without_tensorflow() -> Iterator[None]:
    """Modules that only name TensorFlow are imported in a moment."""
    if "tensorflow" in sys.modules:
        yield
        return
    sys.modules["tensorflow"] = ModuleType("tensorflow")
    try:
        yield
    finally:
        del sys.modules["tensorflow"]


def on_disk(root: Path) -> int:
    """The files below a folder; a pipe and a link to nowhere are such."""
    return sum(len(files) for _, _, files in os.walk(root))


def counted(said: str) -> int:
    """The files that lines of output say are not used."""
    total = 0
    for line in said.splitlines():
        _, found, kinds = line.partition("files that are not used: ")
        total += sum(int(kind.split()[0]) for kind in kinds.split(", ") if found)
    return total


def copied(source: Path, where: Path) -> Path:
    return Path(shutil.copytree(source, where, symlinks=True))
