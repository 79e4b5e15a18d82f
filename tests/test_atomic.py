"""A project is there whole or not at all, whatever happens while it is made."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from frostline.errors import UserError
from frostline.rendering import destination
from support import ROOT, clean_environment, names, one_sentence, posix, run, tree

NEW = [sys.executable, "-m", "frostline", "new"]
TRIALS = 10


def start(where: Path, name: str = "demo") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*NEW, name, "--no-input"],
        cwd=where,
        env=clean_environment(where.parent),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=heed_sigint,
    )


def heed_sigint() -> None:
    """A shell without a terminal starts what runs in its background deaf to this signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bool]]:
    """What `frostline new demo --no-input` makes when it is left alone."""
    folder = tmp_path_factory.mktemp("whole") / "in"
    folder.mkdir()
    run([*NEW, "demo", "--no-input"], folder, check=True)
    return tree(folder / "demo")


def wait_for_the_work(process: subprocess.Popen[str], folder: Path) -> float:
    """Until the command has begun to write, or has ended; then the moment."""
    while process.poll() is None and not names(folder):
        time.sleep(0.0005)
    return time.monotonic()


@posix
@pytest.mark.medium
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_killed_at_a_random_instant(
    name: str, whole: dict[str, tuple[str, bool]], tmp_path: Path
) -> None:
    pick = random.Random(name)
    folder = tmp_path / "in"
    folder.mkdir()
    begun = wait_for_the_work(process := start(folder), folder)
    process.communicate()
    writing = time.monotonic() - begun
    interrupted = 0
    for _ in range(TRIALS):
        shutil.rmtree(folder)
        folder.mkdir()
        process = start(folder)
        wait_for_the_work(process, folder)
        time.sleep(pick.uniform(0, writing))
        process.send_signal(getattr(signal, name))
        process.communicate()
        left = names(folder)
        if "demo" in left:
            assert tree(folder / "demo") == whole
            left.remove("demo")
        else:
            interrupted += 1
            expected = {"SIGINT": 130, "SIGKILL": -signal.SIGKILL}
            assert process.returncode == expected.get(name, 143)
        if name == "SIGKILL":
            assert all(entry.startswith(".frostline-") for entry in left)
        else:
            assert left == []
    assert interrupted, "no signal came while the project was being written"


@posix
@pytest.mark.medium
def test_killed_before_it_writes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for delay in (0.0, 0.02, 0.05, 0.1, 0.2):
        process = start(folder)
        time.sleep(delay)
        process.terminate()
        process.communicate()
        assert [name for name in names(folder) if name != "demo"] == []
        shutil.rmtree(folder / "demo", ignore_errors=True)


@pytest.mark.medium
def test_six_at_once_for_one_name(whole: dict[str, tuple[str, bool]], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    processes = [start(folder) for _ in range(6)]
    said = [process.communicate()[1] for process in processes]
    statuses = sorted(process.returncode for process in processes)
    assert statuses == [0, 2, 2, 2, 2, 2], said
    refusals = [text for text, p in zip(said, processes, strict=True) if p.returncode]
    assert all("demo" in text and one_sentence(text) for text in refusals)
    assert names(folder) == ["demo"]
    assert tree(folder / "demo") == whole


def test_nothing_is_written_into_the_template(tmp_path: Path) -> None:
    """Bytecode there would end up in what stock cookiecutter renders."""
    before = tree(ROOT / "template")
    frostline = NEW[:-1]
    run([*frostline, "show", "ResNet50"], tmp_path, check=True)
    run([*frostline, "plan", "--backbone", "ResNet50"], tmp_path, check=True)
    run([*NEW, "demo", "--no-input"], tmp_path, check=True)
    assert tree(ROOT / "template") == before


def test_the_renaming_itself_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the renaming, somebody else may have been faster."""
    path = tmp_path / "demo"
    monkeypatch.setattr(destination, "check_free", lambda _: None)

    def write(project: Path) -> None:
        (project / "file").write_text("mine")
        path.mkdir()
        (path / "file").write_text("theirs")

    with pytest.raises(UserError, match="demo"):
        destination.make(path, write)
    assert names(tmp_path) == ["demo"]
    assert (path / "file").read_text() == "theirs"
