"""The GPU benchmark fits the project that it measures, shown where there is no GPU."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import ROOT, needs_tensorflow, run


@needs_tensorflow
@pytest.mark.slow
def test_a_rehearsal_measures_the_head_in_every_way(tmp_path: Path) -> None:
    report = (ROOT / "BENCHMARKS.md").read_bytes()
    script = ROOT / "benchmarks" / "gpu.py"
    done = run([sys.executable, script, "--rehearse"], tmp_path, check=True)
    rows = [line.split(" | ") for line in done.stdout.splitlines()]
    assert len(rows) == 6
    assert all(float(row[6].replace(",", "")) > 0 for row in rows)
    assert sum(row[5] == "stored outputs" for row in rows) == 2
    assert sum(row[4] == "on" for row in rows) == 2
    assert (ROOT / "BENCHMARKS.md").read_bytes() == report
