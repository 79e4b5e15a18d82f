"""Each task learns its sample data, offline and soon, and beats a predictor that never looks."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support import needs_tensorflow, render, run

# The figure to beat, that of the predictor that never looks, and by how much at least.
MARGINS = {
    "multiclass": ("accuracy", "majority_class", 0.3),
    "binary": ("accuracy", "majority_class", 0.2),
    "multilabel": ("mean_average_precision", "label_shares", 0.2),
    "regression": ("mae/angle", "mae_of_mean/angle", -4.0),
    "segmentation": ("mean_iou", "majority_class", 0.2),
}


LATER = ("multilabel", "regression")  # much like binary to train; among the slow tests
TASKS = [
    pytest.param(task, marks=pytest.mark.slow if task in LATER else pytest.mark.medium)
    for task in MARGINS
]


@needs_tensorflow
@pytest.mark.parametrize("task", TASKS)
def test_it_learns_its_sample(
    task: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    project = render({"task": task, "freeze": "staged", "package": "demo"}, tmp_path / "demo").path
    program = [sys.executable, "-m", "demo"]
    begin = time.monotonic()
    run([*program, "train"], project, check=True, PYTHONPATH="src")
    seconds = time.monotonic() - begin
    measured = run([*program, "evaluate"], project, check=True, PYTHONPATH="src")
    assert "WARNING:tensorflow" not in measured.stderr
    found = json.loads((project / "runs/1/metrics.json").read_text(encoding="utf-8"))
    name, trivial, margin = MARGINS[task]
    gain = found[name] - found[trivial]
    said = f"{task}: {name} {found[name]:.3f}, {trivial} {found[trivial]:.3f}, {seconds:.0f} s"
    record_property("figures", said)
    assert gain > margin if margin > 0 else gain < margin, said
    assert (project / "runs/1/report.html").exists()
    assert (project / "runs/data.html").exists()


@needs_tensorflow
@pytest.mark.slow
def test_what_is_packed_is_trained_on_and_shown(tmp_path: Path) -> None:
    """And in a project that has nothing but the packed images."""
    pack = {"kits": ["pack", "report", "cache"], "package": "demo"}
    project = render({"task": "segmentation", **pack}, tmp_path / "demo").path
    said = first_report(project, "pack", "train", "evaluate")
    assert said.count("images are read from data/packed") == 2
    records = {"task": "segmentation", "data": "tfrecord", "sample_data": False, **pack}
    other = render({**records, "classes": ["ground", "stroke"]}, tmp_path / "other").path
    shutil.copytree(project / "data/packed", other / "data/shards")
    first_report(other, "train", "evaluate")


def first_report(project: Path, *commands: str) -> str:
    """Run the commands on small images for one epoch a stage; what they said."""
    config = project / "config.toml"
    text = re.sub(r"(?m)^epochs = .*$", "epochs = 1", config.read_text(encoding="utf-8"))
    text, count = re.subn(r"(?m)^image_size = .*$", "image_size = 16", text)
    assert count == 1
    config.write_text(text, encoding="utf-8")
    program = [sys.executable, "-m", "demo"]
    said = [run([*program, name], project, check=True, PYTHONPATH="src") for name in commands]
    assert (project / "runs/1/report.html").exists()
    return "".join(done.stdout for done in said)
