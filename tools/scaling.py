"""Write the bytes that workers exchange in a step into docs/scaling.md; `--check` compares it.

Only the gradients of what trains are exchanged, so freezing saves bytes: how many follows from the
catalogue. In a ring all-reduce each of n workers sends 2 (n - 1) / n times the gradients.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "benchmarks")]

from frostline.commands import frostline  # noqa: E402
from sections import put  # noqa: E402

PAGE = ROOT / "docs" / "scaling.md"
STRATEGIES = ("head", "norm", "top", "staged", "full", "none")
BACKBONES = (
    "MobileNetV2",
    "EfficientNetB0",
    "EfficientNetV2S",
    "DenseNet121",
    "ResNet50",
    "ConvNeXtTiny",
    "Xception",
    "VGG16",
)
SHOWN = "ResNet50"
WORKERS = (8, 16, 32, 64, 128, 256)
CLASSES = 10
BYTES = 4  # gradients are float32, in mixed precision too
NETWORK = 10e9 / 8  # bytes a second
INTRODUCTION = """# Several machines, on paper and measured

Workers train on their own parts of each batch, and then exchange the gradients of what trains.
What is frozen is never sent: a stage that trains a tenth of the parameters sends a tenth of the
bytes.
"""


def sent(trainable: int, workers: int) -> float:
    """Bytes that each worker sends in a step of a ring all-reduce; as many come in."""
    return 2 * (workers - 1) / workers * trainable * BYTES


def schedule(backbone: str, freeze: str) -> list[dict[str, Any]]:
    """The stages of `frostline plan --json`; none where the pair is refused."""
    arguments = f"plan --backbone {backbone} --freeze {freeze} --weights none --json".split()
    arguments += [
        "--allow-random",
        "--classes",
        ",".join(f"c{number}" for number in range(CLASSES)),
    ]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            frostline.main(arguments, prog_name="frostline", standalone_mode=False)
        except Exception:  # no normalisation layers to train
            return []
    stages: list[dict[str, Any]] = json.loads(said.getvalue())["stages"]
    return stages


def mean(stages: list[dict[str, Any]]) -> float:
    """Trainable parameters of a step, averaged over the epochs of the schedule."""
    epochs = sum(stage["epochs"] for stage in stages)
    return sum(stage["epochs"] * stage["trainable"] for stage in stages) / epochs


def megabytes(count: float) -> str:
    value = count / 1e6
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def by_strategy() -> str:
    """The bytes of each strategy against those of training everything."""
    rows = [
        "## What freezing saves",
        "",
        "Megabytes that each worker of 8 sends in a step, averaged over the epochs of the "
        "schedule, and in brackets how many times less than with `none`, which trains everything "
        f"from the first step. {CLASSES} classes, gradients in float32.",
        "",
        f"| backbone | {' | '.join(f'`{freeze}`' for freeze in STRATEGIES)} |",
        f"| --- | {' | '.join('---:' for _ in STRATEGIES)} |",
    ]
    for backbone in BACKBONES:
        whole = mean(schedule(backbone, "none"))
        cells = []
        for freeze in STRATEGIES:
            stages = schedule(backbone, freeze)
            if not stages:
                cells.append("-")
                continue
            part = mean(stages)
            less = f" ({whole / part:,.0f}x)" if whole / part >= 10 else f" ({whole / part:.1f}x)"
            cells.append(megabytes(sent(round(part), 8)) + ("" if freeze == "none" else less))
        rows.append(f"| {backbone} | {' | '.join(cells)} |")
    return "\n".join(rows)


def by_workers() -> str:
    """The bytes of each stage of one schedule, for 8 to 256 workers."""
    rows = [
        "## From 8 to 256 workers",
        "",
        f"{SHOWN}, `staged`: megabytes that each worker sends in a step. The ring sends "
        "2 (n - 1) / n times the gradients, so the bytes hardly rise with the workers; what rises "
        "are the steps of the ring, and with them the waiting. The last column is what 256 "
        f"workers need for that at {NETWORK * 8 / 1e9:.0f} Gbit/s if nothing else is in the way: "
        "a step must compute for longer than that to hide it.",
        "",
        f"| stage | trainable | {' | '.join(map(str, WORKERS))} | seconds |",
        f"| --- | ---: | {' | '.join('---:' for _ in WORKERS)} | ---: |",
    ]
    everything = {**schedule(SHOWN, "none")[-1], "name": "`none`: everything"}
    for stage in [*schedule(SHOWN, "staged"), everything]:
        count = stage["trainable"]
        cells = [megabytes(sent(count, workers)) for workers in WORKERS]
        seconds = sent(count, WORKERS[-1]) / NETWORK
        rows.append(f"| {stage['name']} | {count:,} | {' | '.join(cells)} | {seconds:.2g} |")
    return "\n".join(rows)


def write(page: Path) -> None:
    """Replace the sections derived from the catalogue; measurements stay."""
    if not page.exists():
        page.write_text(INTRODUCTION, encoding="utf-8", newline="\n")
        put(page, "strategies", "")
        put(page, "workers", "")
        put(page, "measured", "")
    put(page, "strategies", by_strategy())
    put(page, "workers", by_workers())


def main() -> int:
    if "--check" not in sys.argv:
        write(PAGE)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, PAGE.name)
        copy.write_bytes(PAGE.read_bytes())
        write(copy)
        if copy.read_bytes() == PAGE.read_bytes():
            return 0
    print(f"docs/{PAGE.name} is not what tools/scaling.py writes")
    return 1


if __name__ == "__main__":
    sys.exit(main())
