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

from frostline.asking.keyboard import Option
from frostline.asking.list_prompt import matching
from frostline.backbones import catalogue
from frostline.backbones.show import grouped
from frostline.rendering.tree import folded
from screen import ROWS, Screen
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


@pytest.mark.medium
def test_the_question_stays_in_view_on_24_rows(tmp_path: Path) -> None:
    """The first line of it, the list below, and the arrow in the list, wherever one goes."""
    screen = Screen(
        [*FROSTLINE, "new", "demo"], tmp_path, clean_environment(tmp_path, TERM="xterm")
    )
    seen = screen.see("type to filter").splitlines()
    assert [seen[0], seen[1].strip()] == ["? Backbone", "good to begin with"]
    assert seen[2].startswith("> tiny")
    screen.type("\x1b[A")  # from the first to the last
    seen = screen.see("> custom").splitlines()
    assert seen[0] == "? Backbone"
    assert len(seen) <= ROWS
    screen.type("mobv2")
    seen = screen.see("1 of ").splitlines()
    assert seen[0].startswith("? Backbone  mobv2_")
    assert seen[1].startswith("> MobileNetV2")
    screen.type("x")
    screen.see("none is like that")
    screen.type(ENTER + "\x7f" + ENTER)
    assert screen.see("? Task").startswith("? Backbone  MobileNetV2\n")
    screen.type("segm" + ENTER)
    screen.see("? Freeze")
    screen.type(ENTER)
    screen.see("defaults for the rest")
    screen.type("n")
    seen = screen.see("[ ] weights").splitlines()
    assert "? Which do you want to choose?" in seen
    screen.type("licence\x7f\x7f\x7fse ")
    assert "> [x] license" in screen.see("[x]")
    screen.type(ENTER)
    screen.see("> apache-2.0")
    screen.type(DOWN + ENTER)
    seen = screen.see("Make it?").splitlines()
    assert any(line.startswith("head ") for line in seen)  # the plan, above the files
    screen.type(ENTER)
    assert screen.end() == 0
    assert 'license = "mit"' in (tmp_path / "demo" / ".frostline.toml").read_text()


@pytest.mark.medium
def test_what_is_refused_says_why_and_can_be_mended(tmp_path: Path) -> None:
    command = [*FROSTLINE, "new", "demo", "--backbone", "tiny", "--freeze", "head"]
    screen = Screen(command, tmp_path, clean_environment(tmp_path, TERM="xterm"))
    screen.see("? Task")
    screen.type(ENTER)
    screen.see("defaults for the rest")
    screen.type("n")
    screen.see("? Which")
    screen.type("kits " + ENTER)
    screen.see("? Kits")
    screen.type("distr ")
    screen.see("[x] distribute")
    screen.type("\x7f" * 5 + "gpus ")
    screen.see("[ ] gpus")
    screen.type(ENTER)
    screen.see("the kit distribute needs the kit gpus")
    screen.type(" " + ENTER)
    screen.see("Make it?")
    screen.type("n")
    assert screen.end() == 1


@pytest.mark.parametrize(
    ("typed", "first", "number"),
    [
        ("mobv2", "MobileNetV2", 1),
        ("MobileNet", "MobileNet", 4),
        ("vgg", "VGG16", 2),
        ("rn50", "ResNet50", None),
        ("", "tiny", 42),
        ("mobv9", None, 0),
    ],
)
def test_typing_filters(typed: str, first: str | None, number: int | None) -> None:
    found = matching(typed, [Option(name, group=group) for name, group in grouped()])
    assert [option.value for option in found][:1] == [first] * (first is not None)
    assert number in (None, len(found))


def test_every_backbone_is_in_one_group() -> None:
    names = [name for name, _ in grouped()]
    assert sorted(names) == sorted(catalogue.names())
    assert [name for name, group in grouped() if group == "others"] == ["custom"]


def test_the_files_are_folded() -> None:
    files = ["a.txt", "src/p/x.py", "src/p/kits/y.py", "src/p/kits/z.py", "tests/t.py"]
    assert folded(files, "p") == ["src/p/    3 files: kits/ 2", "tests/    1 file", "a.txt"]
