"""Damaged images, masks and tables: never a crash, and none is passed over in silence."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, needs_tensorflow, render, run

QUIET = {"PYTHONPATH": "src", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}

pytestmark = needs_tensorflow


def fuzz(
    what: str, count: int, source: str, where: Path, task: str = "multiclass"
) -> dict[str, Any]:
    answers = {"name": "Demo", "task": task, "data": source, "kits": ["check-data"], "ci": "none"}
    project = render(answers, where / "demo")
    script = ROOT / "tests" / "fuzz.py"
    command = [sys.executable, script, what, str(count), where / "data"]
    done = run(command, project.path, check=True, **QUIET)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "count",
    [pytest.param(200, marks=pytest.mark.medium), pytest.param(2000, marks=pytest.mark.slow)],
)
def test_damaged_images(count: int, tmp_path: Path) -> None:
    nothing_is_lost(fuzz("images", count, "folder", tmp_path), count)


@pytest.mark.parametrize(
    "count",
    [pytest.param(200, marks=pytest.mark.medium), pytest.param(1000, marks=pytest.mark.slow)],
)
def test_damaged_masks(count: int, tmp_path: Path) -> None:
    nothing_is_lost(fuzz("masks", count, "folder", tmp_path, "segmentation"), count)


def nothing_is_lost(found: dict[str, Any], count: int) -> None:
    """Each image is kept and can be read, or is in the list of those left out."""
    assert found["lost"] == found["twice"] == []
    assert found["kept"] + found["left_out"] == count
    assert found["read"] == found["kept"]
    assert found["trained"]
    assert re.search("cannot be read: it is|which is no class", found["stopped"])
    assert f"{found['left_out']} of {count} images" in found["stopped"]
    assert min(found["kept"], found["left_out"]) > count / 10


@pytest.mark.parametrize(
    "count",
    [pytest.param(50, marks=pytest.mark.medium), pytest.param(500, marks=pytest.mark.slow)],
)
def test_damaged_tables(count: int, tmp_path: Path) -> None:
    found = fuzz("tables", count, "csv", tmp_path)
    assert found["lost"] == []
    assert found["refused"] > count / 10
    assert found["read"] > count / 50
