"""Throughput and peak memory of every stage on a GPU: precision, XLA, cached outputs.

`python benchmarks/gpu.py` renders a project for each backbone and measures its stages, each in a
process of its own, as the project itself trains them. It writes its section of BENCHMARKS.md;
where TensorFlow sees no GPU, that section says so. `--rehearse` measures a tiny head stage on
the CPU and writes nothing: it tests that the script still fits the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from sections import put

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "BENCHMARKS.md"
BACKBONES = {"ResNet50": 128, "EfficientNetV2S": 64}  # with the size of a batch
PRECISIONS = ("float32", "auto")
SIZE, IMAGES, EPOCHS = 224, 2048, 4
NO_GPU = (
    "Not run: TensorFlow saw no GPU on the machine that these figures come from ({when}). On one "
    "that has a GPU, `python benchmarks/gpu.py` puts its figures here."
)


@dataclass(frozen=True)
class Case:
    """One stage, one way of training it."""

    stage: int
    precision: str
    xla: str = "off"
    cache: str = "off"


def cases(stages: int) -> Iterator[Case]:
    """Every stage in every precision with and without XLA, and the head from cached outputs."""
    for stage in range(stages):
        for precision in PRECISIONS:
            yield Case(stage, precision, "off")
            yield Case(stage, precision, "on")
            if stage == 0:
                yield Case(stage, precision, "off", "memory")


def gpu_name() -> str | None:
    """The name of the first GPU, read in another process so that this one does not occupy it."""
    program = (
        "import tensorflow as tf; found = tf.config.list_physical_devices('GPU'); print(found and "
        "tf.config.experimental.get_device_details(found[0]).get('device_name', 'GPU') or '')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return (done.stdout.splitlines() or [""])[-1] or None


def make_images(folder: Path, count: int, size: int) -> None:
    """Smooth noise in two classes."""
    import keras
    import numpy as np

    random = np.random.default_rng(0)
    for number in range(count):
        split = "validation" if number % 16 == 0 else "train"
        file = folder / split / ("bright" if number % 2 else "dark") / f"{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.kron(random.uniform(0, 255, (7, 7, 3)), np.ones((size // 7, size // 7, 1)))
        keras.utils.save_img(file, pixels, scale=False)


def one_case(case: Case, batch: int, size: int, device: str) -> dict[str, Any]:
    """Train one stage for a few epochs, as the project does, and time it."""
    sys.path.insert(0, "src")
    import keras
    import numpy as np
    import tensorflow as tf
    from bench import config as settings
    from bench.data.load import load
    from bench.freezing.freezer import Freezer
    from bench.model.network import build
    from bench.training.devices import setup
    from bench.training.schedule import prepare

    config = settings.load(Path("config.toml"))
    chosen = {"precision": case.precision, "xla": case.xla, "device": device}
    stage = config.stage[case.stage].model_copy(update={"epochs": EPOCHS, "augment": "none"})
    data = {"path": Path("images"), "batch_size": batch, "image_size": size, "keep": "memory"}
    config = config.model_copy(
        update={
            "data": config.data.model_copy(update=data),
            "devices": config.devices.model_copy(update=chosen),
            "training": config.training.model_copy(update={"deterministic": False}),
            "cache": config.cache.model_copy(update={"mode": case.cache}),
            "stage": (stage,),
        }
    )
    setup(config)
    splits = load(config)
    network = build(config, splits.meaning)
    begun = time.perf_counter()
    freezer = Freezer(network, config.backbone.batch_norm)
    _, feed = prepare(freezer, config, splits, stage)
    on_gpu = bool(tf.config.get_visible_devices("GPU"))
    if on_gpu:
        tf.config.experimental.reset_memory_stats("GPU:0")
    ends = [time.perf_counter()]
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )
    shape = {"steps_per_epoch": feed.steps, "epochs": EPOCHS, "shuffle": False, "verbose": 0}
    feed.model.fit(feed.train, callbacks=[clock], **shape)
    later = [after - before for before, after in pairwise(ends[1:])]
    peak = tf.config.experimental.get_memory_info("GPU:0")["peak"] if on_gpu else 0
    return {
        "stage": stage.name,
        "trains": sum(int(np.prod(v.shape)) for v in feed.model.trainable_variables),
        "precision": keras.mixed_precision.dtype_policy().name,
        "first": ends[1] - begun,
        "rate": len(splits.train) / median(later),
        "peak": peak,
    }


def measured(backbone: str, batch: int, size: int, images: int, device: str) -> list[str]:
    """The rows of one backbone; the project is made in the present folder."""
    answers = f"--backbone {backbone} --freeze staged --kits cache,gpus --image-size {size}"
    random = "--weights none --allow-random --no-sample-data --no-input"
    command = f"-m frostline new bench {answers} {random}"
    subprocess.run([sys.executable, *command.split()], check=True, stdout=subprocess.DEVNULL)
    os.chdir("bench")
    make_images(Path("images"), images, size)
    rows = []
    stages = Path("config.toml").read_text(encoding="utf-8").count("[[stage]]")
    for case in cases(stages if device == "gpu" else 1):
        given = json.dumps([asdict(case), batch, size, device])
        me = [sys.executable, __file__, "--one", given]
        done = subprocess.run(me, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            rows.append(f"| {backbone} | {case} failed | | | | | | |")
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        rows.append(
            f"| {backbone} | {found['stage']} | {found['trains']:,} | {found['precision']} | "
            f"{case.xla} | {'stored outputs' if case.cache != 'off' else 'images'} | "
            f"{found['rate']:,.0f} | {found['peak'] / 2**30:.2f} | {found['first']:.1f} |"
        )
        print(rows[-1], flush=True)
    return rows


def section(name: str, rows: list[str]) -> str:
    import keras
    import tensorflow as tf

    batches = ", ".join(f"{size} of {backbone}" for backbone, size in BACKBONES.items())
    return "\n".join(
        [
            "## On a GPU",
            "",
            f"{name}, {date.today()}; TensorFlow {tf.__version__}, Keras {keras.__version__}. "
            f"{IMAGES} images of {SIZE} pixels, decoded and kept in memory; batches: {batches}; "
            "weights at random, not deterministic. Images a second are the median of the epochs "
            "after the first; the first epoch holds tracing, compiling and, from stored outputs, "
            "the one pass through the frozen part. Each row is a process of its own. Again: "
            "`python benchmarks/gpu.py`.",
            "",
            "| backbone | stage | trainable | precision | XLA | trains from | images/s | "
            "peak GiB | first epoch, s |",
            "| --- | --- | ---: | --- | --- | --- | ---: | ---: | ---: |",
            *rows,
        ]
    )


def main(rehearsal: bool) -> None:
    name = gpu_name()
    if not name and not rehearsal:
        text = NO_GPU.format(when=date.today())
        put(REPORT, "gpu", f"## On a GPU\n\n{text}")
        print(text)
        return
    plans = {"tiny": 16} if rehearsal else BACKBONES
    size, images, device = (56, 64, "cpu") if rehearsal else (SIZE, IMAGES, "gpu")
    rows = []
    for backbone, batch in plans.items():
        with tempfile.TemporaryDirectory() as scratch:
            os.chdir(scratch)
            rows += measured(backbone, batch, size, images, device)
            os.chdir(ROOT)
    if not rehearsal:
        put(REPORT, "gpu", section(str(name), rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        settings, *rest = json.loads(sys.argv[2])
        print(json.dumps(one_case(Case(**settings), *rest)))
    else:
        main(rehearsal=sys.argv[1:] == ["--rehearse"])
