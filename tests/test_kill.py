"""A training that is killed with no warning, at any instant, ends with the same weights."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from support import clean_environment, render, run

KILLS = 2
TRAIN = [sys.executable, "-m", "demo", "train"]
QUIET = {"PYTHONPATH": "src", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "2"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tiny and its sample in three stages of eight epochs; the first trains from stored outputs."""
    where = tmp_path_factory.mktemp("kill") / "demo"
    path = render({"unfreeze_blocks": 2, "kits": ["cache", "deploy"]}, where).path
    config = path / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"epochs = \d+", "epochs = 8", text), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def uninterrupted(project: Path) -> tuple[str, float]:
    """The weights of a run that nothing stops, and how long it took."""
    begun = time.monotonic()
    run([*TRAIN, "--fresh"], project, check=True, **QUIET)
    return digest(newest(project)), time.monotonic() - begun


def newest(project: Path) -> Path:
    return max((project / "runs").glob("[0-9]*"), key=lambda folder: int(folder.name))


def digest(folder: Path) -> str:
    """A fingerprint of the trained weights, without what differs between two archives."""
    with zipfile.ZipFile(folder / "model.keras") as archive:
        return hashlib.sha256(archive.read("model.weights.h5")).hexdigest()


def killed_and_resumed(project: Path, whole: str, seconds: float, seed: int) -> None:
    """Train anew, kill twice at random instants, go on; the end must be that of a whole run."""
    chance = random.Random(seed)
    fresh = ["--fresh"]
    before = newest(project)
    for _ in range(KILLS):
        process = train(project, *fresh)
        wait_for_change(newest_state, project, process)
        time.sleep(chance.uniform(0.0, 0.15 * seconds))
        assert process.poll() is None, "the run ended before it could be killed"
        process.kill()
        process.communicate()
        readable(newest(project))
        fresh = []
    process = train(project)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said[-2000:]
    assert newest(project) != before
    assert digest(newest(project)) == whole


def train(project: Path, *flags: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*TRAIN, *flags],
        cwd=project,
        env=clean_environment(project, **QUIET, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def newest_state(project: Path) -> tuple[str, int]:
    """Which run is under way, and when its state was last replaced; none before a stage begins."""
    folder = newest(project)
    times = [state.stat().st_mtime_ns for state in folder.glob("sta*.npz")]
    return (folder.name, max(times)) if times else ("", 0)


def wait_for_change(
    look: Callable[[Path], object], project: Path, process: subprocess.Popen[str]
) -> None:
    """Until the process has begun to write: before that there is nothing that a kill could hurt."""
    known = look(project)
    while look(project) == known and process.poll() is None:
        time.sleep(0.01)


def readable(folder: Path) -> None:
    """Every file under its final name is whole, whenever the kill came."""
    for file in folder.glob("*.npz"):
        if ".new" not in file.name:
            with np.load(file) as arrays:
                assert all(arrays[name] is not None for name in arrays.files)


@pytest.mark.medium
def test_killed_and_resumed(project: Path, uninterrupted: tuple[str, float]) -> None:
    killed_and_resumed(project, *uninterrupted, seed=2)


@pytest.mark.medium
@pytest.mark.parametrize("code", [0, 75])
def test_told_to_stop(code: int, project: Path, uninterrupted: tuple[str, float]) -> None:
    """SIGTERM ends a run with a message and the exit code that the scheduler wants."""
    process = train(project, "--fresh", PREEMPTED_EXIT=str(code))
    wait_for_change(newest_state, project, process)
    process.terminate()
    said, wrong = process.communicate(timeout=120)
    assert process.returncode == code, wrong[-2000:]
    assert said.splitlines()[-1].startswith("stopped by SIGTERM")
    assert "Traceback" not in wrong
    readable(newest(project))
    process = train(project)
    _, wrong = process.communicate(timeout=600)
    assert process.returncode == 0, wrong[-2000:]
    assert digest(newest(project)) == uninterrupted[0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 20))
def test_killed_and_resumed_often(
    seed: int, project: Path, uninterrupted: tuple[str, float]
) -> None:
    killed_and_resumed(project, *uninterrupted, seed=seed)
