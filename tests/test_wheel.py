"""What is in the wheel, and that nothing else is needed: no checkout, no network, no TensorFlow."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import build_wheel
from support import ROOT, TEMPLATE, copied_checkout, run, tree

# Runs in the installed environment before anything else, and fails on what must not be needed.
GUARD = """
import os, sys

ROOT = {root!r}
KEPT = os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)

def guard(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path.startswith(ROOT + os.sep) and not path.startswith(KEPT):
            os.write(2, f"reached the checkout: {{path}}".encode())
            os._exit(99)
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        os.write(2, f"reached the network: {{event}}".encode())
        os._exit(99)
    if event == "import" and arguments[0] in ("tensorflow", "keras", "numpy"):
        os.write(2, f"imported {{arguments[0]}}".encode())
        os._exit(99)

sys.addaudithook(guard)
"""


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def wanted() -> Iterator[str]:
    """The package, the template, and the three or four files that every wheel has."""
    sources = ((ROOT / "generator/frostline", "frostline"), (TEMPLATE, "frostline/_template"))
    for folder, name in sources:
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(folder).as_posix()}"


def test_holds_the_package_and_the_template_and_nothing_else(wheel: Path) -> None:
    info = {name for name in members(wheel) if name.split("/")[0].endswith(".dist-info")}
    assert members(wheel) - info == set(wanted())
    assert {name.split("/", 1)[1] for name in info} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }


def test_stays_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 2_000_000


def test_is_the_same_when_built_again_from_an_untidy_tree(tmp_path: Path) -> None:
    checkout = copied_checkout(tmp_path / "checkout")
    first = build_wheel(tmp_path / "first", checkout)
    for folder in ("generator/frostline", "template", "template/templates"):
        (checkout / folder / "__pycache__").mkdir()
        (checkout / folder / "__pycache__/stray.pyc").write_bytes(b"\0")
    for path in checkout.rglob("*"):
        os.utime(path)
    second = build_wheel(tmp_path / "second", checkout)
    assert second.name == first.name
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.medium
def test_makes_a_project_on_its_own(installed: Path, rendered, tmp_path: Path) -> None:
    packages = next(installed.parents[1].glob("**/site-packages"))
    guard = packages / "sitecustomize.py"
    guard.write_text(GUARD.format(root=os.path.realpath(ROOT)))
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        command = installed.with_name("frostline.exe" if os.name == "nt" else "frostline")
        done = run([command, "new", "demo", "--no-input"], folder)
    finally:
        guard.unlink()
    assert done.returncode == 0, done.stderr
    assert tree(folder / "demo") == tree(rendered(name="demo").path)
