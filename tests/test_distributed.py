"""Several real processes train one project, and one of them is killed with no warning."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import clean_environment, needs_tensorflow, render, run
from test_kill import digest, newest, readable

pytestmark = needs_tensorflow
TRAIN = ["-m", "demo", "train"]
QUIET = {"PYTHONPATH": "src", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "2"}
LONGEST = 600  # seconds
STORED = "the frozen part, once"
SETTINGS = {"epochs": "3", "dropout": "0.0", "mode": '"disk"', "augment": '"none"'}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tiny and its sample in three stages, all from stored outputs, without dropout.

    Dropout draws a mask on each device, so with it no two numbers of devices learn the same.
    """
    answers = {"unfreeze_blocks": 2, "kits": ["cache", "distribute", "gpus"]}
    path = render(answers, tmp_path_factory.mktemp("distributed") / "demo").path
    config = path / "config.toml"
    text = config.read_text(encoding="utf-8")
    for key, value in SETTINGS.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        assert count, f"config.toml has no {key}"
    config.write_text(text, encoding="utf-8")
    leave_out_five(path / "data")
    return path


def leave_out_five(data: Path) -> None:
    """95 images to train on, so that no two or four devices get equal parts of the last batch."""
    with zipfile.ZipFile(data / "sample.zip") as archive:
        archive.extractall(data)
    (data / "sample.zip").unlink()
    images = sorted((data / "sample" / "train").glob("*/*.png"))
    for image in images[::20]:
        image.unlink()
    assert (len(images), len(images[::20])) == (100, 5)


@pytest.fixture(scope="module")
def alone(project: Path) -> list[dict[str, str]]:
    """The history of a single process."""
    run([sys.executable, *TRAIN, "--fresh"], project, check=True, **QUIET)
    return history(newest(project))


@pytest.fixture(scope="module")
def pair(project: Path) -> tuple[str, float]:
    """The weights that two workers end with if nothing stops them, and how long they take."""
    begun = time.monotonic()
    together(project, 2, "--fresh")
    return digest(newest(project)), time.monotonic() - begun


def together(project: Path, count: int, *flags: str) -> list[str]:
    """Train with so many workers to the end; what each of them said."""
    with workers(project, count, [*TRAIN, *flags]) as processes:
        said = [process.communicate(timeout=LONGEST)[0] for process in processes]
    for process, text in zip(processes, said, strict=True):
        assert process.returncode == 0, text[-3000:]
    return said


@contextmanager
def workers(
    project: Path, count: int, arguments: list[str]
) -> Iterator[list[subprocess.Popen[str]]]:
    """So many processes that train together; none of them is left behind."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(count)]
    processes = []
    for index in range(count):
        task = {"type": "worker", "index": index}
        known = json.dumps({"cluster": {"worker": addresses}, "task": task})
        processes.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                cwd=project,
                env=clean_environment(project, **QUIET, TF_CONFIG=known),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; held together, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    for held in sockets:
        held.bind(("127.0.0.1", 0))
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def history(folder: Path) -> list[dict[str, str]]:
    with (folder / "history.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same_curve(folder: Path, alone: list[dict[str, str]]) -> float:
    """The greatest difference between two runs' losses."""
    rows = history(folder)
    assert [row["stage"] for row in rows] == [row["stage"] for row in alone]
    differences = [
        abs(float(row[column]) - float(other[column]))
        for row, other in zip(rows, alone, strict=True)
        for column in ("loss", "val_loss")
    ]
    return max(differences)


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 4])
def test_workers_learn_what_one_process_learns(
    count: int, project: Path, alone: list[dict[str, str]]
) -> None:
    """In every stage: the audit in each worker stops it if a frozen weight moved by a bit."""
    said = together(project, count, "--fresh")
    assert STORED in said[0]
    assert same_curve(newest(project), alone) <= 1e-4
    assert len(list((project / "cache").glob(f"*of{count}-0.npy"))) > 0
    assert not list((project / "cache").glob("*.new"))


MIRRORED = """
import tensorflow as tf

processor = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(processor, two)
from demo.cli import main

main(["train", "--fresh"])
"""


@pytest.mark.slow
def test_two_devices_learn_what_one_learns(project: Path, alone: list[dict[str, str]]) -> None:
    """The same stages from stored outputs, each batch shared by two devices of one process."""
    config = project / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('strategy = "auto"', 'strategy = "mirrored"'), encoding="utf-8")
    try:
        done = run([sys.executable, "-c", MIRRORED], project, check=True, **QUIET)
    finally:
        config.write_text(text, encoding="utf-8")
    assert "mirrored on 2 devices" in done.stdout
    assert STORED in done.stdout
    assert same_curve(newest(project), alone) <= 1e-4


def wait_for_second_stage(
    project: Path, before: Path, processes: list[subprocess.Popen[str]]
) -> None:
    while not (newest(project) != before and (newest(project) / "stage-1.npz").exists()):
        assert all(process.poll() is None for process in processes), "it ended too early"
        time.sleep(0.05)


def wait_in_second_stage(project: Path, seconds: float) -> None:
    """So long, or until the third begins: a busy machine may by now be a quiet one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (newest(project) / "stage-2.npz").exists():
        time.sleep(0.05)


def killed_and_restarted(project: Path, whole: str, seconds: float, seed: int) -> None:
    """Kill one of two workers in the second stage; the other stops, and both go on the same."""
    chance = random.Random(seed)
    before = newest(project)
    with workers(project, 2, [*TRAIN, "--fresh"]) as processes:
        wait_for_second_stage(project, before, processes)
        wait_in_second_stage(project, chance.uniform(0.0, 0.2 * seconds))
        victim, other = chance.sample(processes, 2)
        assert all(process.poll() is None for process in processes), "it ended too early"
        victim.kill()
        said, _ = other.communicate(timeout=120)
    assert other.returncode not in (0, None), said[-2000:]
    readable(newest(project))
    together(project, 2)
    assert digest(newest(project)) == whole


@pytest.mark.slow
def test_workers_are_told_to_stop(project: Path, pair: tuple[str, float]) -> None:
    """As a scheduler does it: SIGTERM for all of them; each leaves in peace, and none hangs."""
    before = newest(project)
    with workers(project, 2, [*TRAIN, "--fresh"]) as processes:
        wait_for_second_stage(project, before, processes)
        for process in processes:
            process.terminate()
        said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert "stopped by SIGTERM" in said[0]
    together(project, 2)
    assert digest(newest(project)) == pair[0]


DEAF = """
import os
import time
from pathlib import Path

from demo import stages
from demo.cli import main


def sleep(*_):
    Path(f"asleep-{os.getpid()}").touch()
    time.sleep(600)


stages.train = sleep
main(["train", "--fresh"])
"""


@pytest.mark.slow
def test_a_worker_that_tensorflow_does_not_tell_leaves_as_well(project: Path) -> None:
    """It waits where no error can reach it."""
    with workers(project, 2, ["-c", DEAF]) as (chief, other):
        while not (project / f"asleep-{other.pid}").exists():
            assert other.poll() is None, "it ended too early"
            time.sleep(0.05)
        chief.kill()
        said, _ = other.communicate(timeout=120)
    assert other.returncode == 1, said[-2000:]
    assert "is gone: start all of them again" in said
    shutil.rmtree(newest(project))  # the next run would take the place of one that never began


LINGERING = """
import atexit
import time

from demo import stages
from demo.cli import main
from demo.keeper import TrainingError


def fail(*_):
    raise TrainingError("this cannot be trained")


atexit.register(time.sleep, 600)
stages.train = fail
main(["train", "--fresh"])
"""


@pytest.mark.slow
def test_a_worker_that_cannot_close_is_ended(project: Path) -> None:
    """As one whose TensorFlow waits for another that is gone."""
    with workers(project, 2, ["-c", LINGERING]) as processes:
        said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [1, 1]
    assert all("Error: this cannot be trained" in text for text in said)
    shutil.rmtree(newest(project))


@pytest.mark.medium
def test_a_worker_is_killed(project: Path, pair: tuple[str, float]) -> None:
    killed_and_restarted(project, *pair, seed=7)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_worker_is_killed_often(seed: int, project: Path, pair: tuple[str, float]) -> None:
    killed_and_restarted(project, *pair, seed=seed)
