"""Questions on a terminal, with arrow keys, and line by line where there is none."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from support import clean_environment
from test_cli import FROSTLINE

DOWN, ENTER = "\x1b[B", "\r"


def typed(where: Path, *keys: tuple[str, str]) -> tuple[int, str]:
    """Run `frostline new demo` on a terminal, and type each text once its question shows."""
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [*FROSTLINE, "new", "demo"],
        cwd=where,
        env=clean_environment(where, TERM="xterm", COLUMNS="120", LINES="60"),
        stdin=inner,
        stdout=inner,
        stderr=inner,
        close_fds=True,
    )
    os.close(inner)
    seen = ""
    for question, text in keys:
        seen, begun = "", time.monotonic()
        while question not in seen and time.monotonic() - begun < 20:
            seen += received(outer)
        assert question in seen, seen
        os.write(outer, text.encode())
    rest = seen
    while process.poll() is None:
        rest += received(outer)
    rest += received(outer)
    os.close(outer)
    return process.returncode, rest


def received(terminal: int) -> str:
    ready, _, _ = select.select([terminal], [], [], 0.2)
    try:
        return os.read(terminal, 65536).decode("utf-8", "replace") if ready else ""
    except OSError:  # the other end is closed
        return ""


@pytest.mark.medium
def test_arrow_keys_and_type_to_filter(tmp_path: Path) -> None:
    status, said = typed(
        tmp_path,
        ("Backbone", "mobilenet"),
        ("MobileNetV2", DOWN + ENTER),
        ("Task", DOWN + ENTER),
        ("Freeze strategy", ENTER),
        ("defaults for the rest", ENTER),
        ("Make it?", ENTER),
    )
    assert status == 0, said
    config = (tmp_path / "demo" / "config.toml").read_text()
    assert 'name = "MobileNetV2"' in config
    assert 'threshold = "auto"' in config  # of the task binary
    assert "Now: cd demo && make train" in said


@pytest.mark.medium
def test_no_and_interrupt_leave_nothing(tmp_path: Path) -> None:
    status, _ = typed(tmp_path, ("Backbone", "\x03"))
    assert status == 130
    status, said = typed(
        tmp_path,
        ("Backbone", ENTER),
        ("Task", ENTER),
        ("Freeze strategy", ENTER),
        ("defaults for the rest", ENTER),
        ("Make it?", "n"),
    )
    assert status == 1
    assert "nothing was written" in said
    assert not [path for path in tmp_path.iterdir() if path.name != ".cache"]


def lines(where: Path, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FROSTLINE, "new", "demo"],
        cwd=where,
        env=clean_environment(where),
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_line_by_line_without_a_terminal(tmp_path: Path) -> None:
    done = lines(tmp_path, "ResNet51\nVGG16\nmulticlas\nmulticlass\nhead\ny\ny\n")
    assert done.returncode == 0, done.stderr
    assert "did you mean 'ResNet50'?" in done.stderr
    config = (tmp_path / "demo" / "config.toml").read_text()
    assert 'name = "VGG16"' in config
    assert config.count("[[stage]]") == 1


def test_what_else_there_is_to_choose_line_by_line(tmp_path: Path) -> None:
    more = "n\nclasses, kits, licence\nclasses, kits, license\n"
    wrong_then_right = "cat\ncat, dog\nblok:-1\nblock:-1\ndistribute\n\n"
    done = lines(tmp_path, f"tiny\nmulticlass\nlayers\n{more}{wrong_then_right}mit\ny\n")
    assert done.returncode == 0, done.stderr
    assert "'licence' is not one of them; did you mean 'license'?" in done.stderr
    assert "needs two classes or more" in done.stderr
    assert "no layer 'blok:-1' in tiny" in done.stderr
    assert "the kit distribute needs the kit gpus" in done.stderr
    made = tomllib.loads((tmp_path / "demo" / ".frostline.toml").read_text())
    found = {key: made[key] for key in ("classes", "layers", "license")}
    assert found == {"classes": ["cat", "dog"], "layers": ["block:-1"], "license": "mit"}
    assert "report" in made["kits"]  # an empty line takes what is the default


def test_an_input_that_ends_is_a_sentence(tmp_path: Path) -> None:
    done = lines(tmp_path, "tiny\n")
    assert done.returncode == 2
    assert "--no-input takes the defaults" in done.stderr
    assert not list(tmp_path.iterdir())
