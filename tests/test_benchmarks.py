"""The benchmarks fit the projects that they measure: each is set up on a small one, in seconds.

`make bench` measures for an hour, and alone on the machine; nobody should learn there that a module
has moved.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from frostline.commands import frostline
from support import ROOT, needs_tensorflow, run

PIPELINE = """
from collections import Counter

import pipeline
import ways
from PIL import Image

count, height, width, turned = 8, 60, 80, True
ways.SIZE, ways.BATCH = 32, 4
photos = Path("phone")
pipeline.make_images(photos, count, height, width, turned)
files = ways.files_in(photos)
turns = Counter(Image.open(file).getexif().get(0x0112, 1) for file in files)
assert turns == {1: 4, 6: 2, 8: 2}, turns
assert ways.look(photos) > 0 and ways.pack(photos) > 0
measured = {}
for way in ways.WAYS:
    if way not in ways.PEERS:  # they need what is not installed
        measured[way] = [ways.one_process(way, photos)]
        assert measured[way][0]["later"] > 0, way
assert list(Path("cache").glob("images-*.npy")), "nothing was kept on disk"
for packed in (False, True):
    epoch = ways.ours(photos, "off", packed=packed)[0]
    batches = [images.shape for images, targets in epoch()]
    assert batches == [(4, 32, 32, 3)] * 2, batches
assert all("@" in file for file in ways.packed_files())
assert pipeline.table({"phone": measured}, {"phone": 1.0}, 1.0)
"""
TRAINING = """
import gpu
import render
import training

training.IMAGES, training.SIZE, training.BATCH = 24, 32, 8
training.EPOCHS = dict.fromkeys(training.EPOCHS, 2)
training.make_images(Path("made"))
results = {mode: training.ours(Path("made"), mode) for mode in ("off", "memory")}
for stage in training.EPOCHS:
    assert abs(results["off"][stage]["loss"] - results["memory"][stage]["loss"]) < 1e-5, results
assert training.table(dict.fromkeys(training.WAYS, results["memory"]))

gpu.EPOCHS = 2
gpu.make_images(Path("images"), 24, 56)
found = gpu.one_case(gpu.Case(0, "float32", cache="memory"), 8, 56, "cpu")
assert found["rate"] > 0 and found["stage"] == "head", found
assert render.PAIRS and render.section({name: [1.0] for name in render.COMMANDS})
"""


@needs_tensorflow
@pytest.mark.medium
@pytest.mark.parametrize(("name", "script"), [("pipeline", PIPELINE), ("training", TRAINING)])
def test_a_benchmark_fits_the_project_that_it_renders(
    name: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own answers, but for the backbone."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    answers = __import__(name).ANSWERS.replace("MobileNetV2", "tiny")
    where = tmp_path / "bench"
    frostline.main(["new", str(where), *answers.split()], "frostline", standalone_mode=False)
    paths = ["src", str(ROOT / "benchmarks")]
    start = f"import os, sys\nfrom pathlib import Path\nsys.path[:0] = {paths}\n"
    # Streams that are left open ahead of their reader may keep the interpreter from ending.
    run([sys.executable, "-c", start + script + "os._exit(0)\n"], where, check=True)
