"""`make check` goes red when the template is broken: one fault at a time, each in a rare branch."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, TEMPLATE, copied_checkout, run

Break = dict[str, str]
BREAKS: list[Break] = tomllib.loads(
    Path(__file__).with_name("breaks.toml").read_text(encoding="utf-8")
)["break"]


def quick() -> str:
    """Which tests `make check` chooses."""
    (chosen,) = re.findall(
        r"^check:.*\n\t\$\(PYTEST\) -q -m '(.+)'$",
        (ROOT / "Makefile").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return str(chosen)


def checkout(where: Path) -> Path:
    """A copy with its tests, and with what they look at."""
    copied_checkout(where)
    shutil.copy(ROOT / "Makefile", where)
    for name in ("tests", "tools", ".github"):
        shutil.copytree(ROOT / name, where / name, ignore=shutil.ignore_patterns("__pycache__"))
    return where


def checked(folder: Path, *checks: str) -> subprocess.CompletedProcess[str]:
    """Run checks of the copy, if `make check` would."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", quick()]
    tests = [f"tests/{check}" for check in checks]
    return run([*command, *tests], folder, PYTHONPATH=str(folder / "generator"))


def place(fault: Break, template: Path) -> Path:
    """The file to break; the names of some are templates themselves."""
    (file,) = template.glob(fault["file"])
    return file


def make(fault: Break, template: Path) -> None:
    file = place(fault, template)
    if "rename" in fault:
        file.rename(file.parent / fault["rename"])
    else:
        text = file.read_bytes().decode("utf-8")
        file.write_bytes(text.replace(fault["find"], fault["replace"]).encode("utf-8"))


def by_name(fault: Break) -> Any:
    return pytest.param(fault, id=fault["name"])


@pytest.mark.slow
@pytest.mark.parametrize("fault", map(by_name, BREAKS))
def test_a_broken_template_is_caught(
    fault: Break, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    folder = checkout(tmp_path / "checkout")
    make(fault, folder / "template")
    done = checked(folder, fault["check"])
    assert done.returncode == 1, f"missed, or did not even run:\n{done.stdout}{done.stderr}"
    (red,) = re.findall(r"^FAILED tests/\w+\.py::(\w+(?:\[\w+\])?)", done.stdout, re.MULTILINE)
    record_property("figures", f"{fault['name']}: `{red}`")


@pytest.mark.slow
def test_what_is_whole_passes(tmp_path: Path) -> None:
    """Or the faults above would be caught by a check that is red anyway."""
    checks = sorted({fault["check"] for fault in BREAKS})
    done = checked(checkout(tmp_path / "checkout"), *checks)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(checks)} passed" in done.stdout


def test_every_fault_can_still_be_made() -> None:
    for fault in BREAKS:
        file = place(fault, TEMPLATE)
        text = fault.get("find", "")
        assert not text or file.read_bytes().decode("utf-8").count(text) == 1, fault["name"]
        assert file.name != fault.get("rename"), fault["name"]
