"""Throughput of the input pipeline: a generated project against its peers, on this machine.

`python benchmarks/pipeline.py` generates photo-like JPEGs, renders a project, and measures every
pipeline in turn, for a first epoch and later ones, each in a process of its own. It writes its
section of BENCHMARKS.md. PyTorch and simplejpeg are measured by the Python that `PIPELINE_PEERS`
names, or by this one; where they are not installed, their rows say so.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from photos import make_images
from report import ROOT, write_section
from ways import BATCH, CORES, KERAS, ONLY, PEERS, SIZE, WAYS, look, one_process, pack

ROUNDS = 2
# How many photos, their height and width, and whether half of them are turned by EXIF.
SETS = {
    "small": (2000, 375, 500, False),
    "camera": (1000, 1200, 1600, False),
    "phone": (48, 3000, 4000, True),
}
ANSWERS = (
    "--backbone MobileNetV2 --freeze top --weights none --allow-random --no-sample-data --no-input "
    "--kits cache,pack"
)


def measured(way: str, folder: Path) -> dict[str, float] | None:
    """Measure in a new process; None where a requirement is not installed."""
    python = os.environ.get("PIPELINE_PEERS", sys.executable) if way in PEERS else sys.executable
    for file in Path("cache").glob("images-*.npy"):
        file.unlink()
    done = subprocess.run(
        [python, __file__, "--one", way, str(folder)], capture_output=True, text=True
    )
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def table(
    results: dict[str, dict[str, list[dict[str, float]]]], looked: dict[str, float], packed: float
) -> str:
    """The section of BENCHMARKS.md."""
    sizes = ", ".join(
        f"{count} of {width} by {height}" for count, height, width, _ in SETS.values()
    )
    looks = ", ".join(f"{seconds:.1f} s ({name})" for name, seconds in looked.items())
    rows = [
        "## Batches of images",
        "",
        f"Made JPEGs of quality 90 (soft shapes, edges, some noise) to squares of {SIZE} pixels "
        f"in batches of {BATCH}: {sizes} pixels. {CORES} CPU cores, Python "
        f"{platform.python_version()}, {date.today()}. Each way in a fresh process, all in turn, "
        f"{ROUNDS} times; images a second are medians, ratios to the peer the medians of the "
        "ratios within a turn, so that a busy moment meets all. The "
        "memory is what the epochs added to the process at its peak, CPU the time that its threads "
        "worked for an image in the first epoch; both for the `DataLoader` without its workers. "
        "All but bare decoding cut the middle square; the Keras peer has "
        "`crop_to_aspect_ratio`. Half of the phone photos are turned by EXIF, which the generated "
        "project and Pillow follow and the others do not. Every batch is copied once, as to a "
        f"device. Looking at the photos before the first run took {looks}, and packing the camera "
        f"photos {packed:.1f} s: once each, not counted. Again: `make bench`.",
    ]
    for name, ways in results.items():
        rows += [
            "",
            f"| {name} photos | first epoch | against Keras | CPU ms | later epochs "
            "| against Keras | MB |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for way, turns in ways.items():
            if not turns:
                rows.append(f"| {way} | not installed | | | | | |")
                continue
            cells = [way]
            for epoch in ("first", "later"):
                pairs = zip(turns, ways[KERAS], strict=True)
                cells.append(f"{median(turn[epoch] for turn in turns):.0f}")
                cells.append(f"{median(one[epoch] / peer[epoch] for one, peer in pairs):.2f}x")
                if epoch == "first":
                    cells.append(f"{median(turn['work'] for turn in turns):.2f}")
            cells.append(f"{median(turn['megabytes'] for turn in turns):.0f}")
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        command = [sys.executable, "-m", "frostline", "new", "bench", *ANSWERS.split()]
        subprocess.run(command, check=True)
        os.chdir("bench")
        for name, shape in SETS.items():
            make_images(Path(name), *shape)
        looked = {name: look(Path(name)) for name in SETS}
        packed = pack(Path("camera"))
        results = {name: {way: [] for way in WAYS if name in ONLY.get(way, SETS)} for name in SETS}
        for turn in range(ROUNDS):
            for name, ways in results.items():
                for way, turns in ways.items():
                    if found := measured(way, Path(name)):
                        turns.append(found)
                        print(turn, name, way, found, flush=True)
        text = table(results, looked, packed)
        os.chdir(ROOT)
    write_section("pipeline", text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one_process(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
