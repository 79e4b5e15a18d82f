"""A place that is full, locked or taken: a sentence, and nothing is left or touched."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import clean_environment, names, one_sentence, posix, run, tree

NEW = [sys.executable, "-m", "frostline", "new"]


@posix
@pytest.mark.medium
def test_a_file_that_cannot_be_written_to_its_end(tmp_path: Path) -> None:
    """A limit on the size of files fails in the middle of a write, as a full disk does."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    folder = tmp_path / "in"
    folder.mkdir()
    done = subprocess.run(
        [*NEW, "demo", "--no-input"],
        cwd=folder,
        env={**clean_environment(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, names(folder)) == (1, [])
    assert one_sentence(done.stderr)


def in_a_mount(options: str, folder: Path, command: list[str]) -> list[str]:
    """The command behind a mount of its own on `folder`; the listing that it leaves is printed."""
    script = (
        'mount -t tmpfs -o "$1" none "$2" && cd "$2" && shift 2 && '
        '{ "$@"; code=$?; echo "left: $(ls -A)"; exit $code; }'
    )
    own = ["unshare", "--map-root-user", "--mount"]
    return [*own, "sh", "-c", script, "sh", options, str(folder), *command]


@pytest.fixture
def mounts(tmp_path: Path) -> None:
    """Needs a system that lets anybody mount in a namespace of their own; most Linuxes do."""
    folder = tmp_path / "try"
    folder.mkdir()
    try:
        done = run(in_a_mount("size=64k", folder, ["true"]), tmp_path)
    except OSError:
        pytest.skip("there is no unshare here")
    if done.returncode:
        pytest.skip(f"no mounts here: {done.stderr.strip()}")


@posix
@pytest.mark.medium
@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("size", ["8k", "32k", "64k", "128k"])
def test_a_full_disk(size: str, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    done = run(in_a_mount(f"size={size}", folder, [*NEW, "demo", "--no-input"]), tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "left: "
    assert "space" in done.stderr
    assert one_sentence(done.stderr)


@posix
@pytest.mark.medium
@pytest.mark.usefixtures("mounts")
def test_a_read_only_disk(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    done = run(in_a_mount("ro", folder, [*NEW, "demo", "--no-input"]), tmp_path)
    assert (done.returncode, done.stdout.strip()) == (2, "left:")
    assert one_sentence(done.stderr)


@posix
def test_a_parent_that_cannot_be_written_to(tmp_path: Path) -> None:
    """Even root cannot make a folder in /proc; everybody else is stopped by the mode."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if os.geteuid() == 0:
        folder = Path("/proc")
    done = run([*NEW, folder / "demo", "--no-input"], tmp_path)
    assert done.returncode == 2
    assert one_sentence(done.stderr)
    assert str(folder) in done.stderr


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_a_destination_that_is_taken_stays_as_it_is(kind: str, tmp_path: Path) -> None:
    taken = tmp_path / "demo"
    if kind == "file":
        taken.write_text("mine")
    elif kind == "folder":
        taken.mkdir()
        (taken / "mine").write_text("mine")
    else:
        with contextlib.suppress(OSError):
            taken.symlink_to(tmp_path / "nowhere")
        if not taken.is_symlink():
            pytest.skip("no symbolic links here")
    before = (names(tmp_path), tree(tmp_path))
    done = run([*NEW, "demo", "--no-input"], tmp_path)
    assert done.returncode == 2
    assert "demo" in done.stderr
    assert one_sentence(done.stderr)
    assert (names(tmp_path), tree(tmp_path)) == before


def test_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    done = run([*NEW, "file/demo", "--no-input"], tmp_path)
    assert done.returncode == 2
    assert one_sentence(done.stderr)
    assert names(tmp_path) == ["file"]
