"""The section of BENCHMARKS.md and the plots, from what `learning.py` measured."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import version
from statistics import mean, stdev
from typing import Any

from photosets import SETS, PhotoSet
from report import ROOT, write_section

PEERS = {
    "probe": "linear probe (scikit-learn)",
    "guide": "the Keras guide",
    "fastai": "fastai's `fine_tune`, in Keras",
}
COLOURS = {"ours": "#1f6fb4", "guide": "#c44e52", "fastai": "#dd8452", "probe": "#666666"}
Row = dict[str, Any]

INTRODUCTION = """\
## Learning from photographs

MobileNetV2 at {size} pixels with pretrained weights; TensorFlow {tensorflow}, Keras {keras}, \
scikit-learn {sklearn}, Python {python}, {cores} CPU cores, load {load} on {days}. Each line is \
the mean over the seeds {seeds} and, after ±, their standard deviation. All methods have the \
same pixels and splits; the peers get the pixels decoded. The seconds are those of the whole \
training command, imports (`start`) included, without judging; CPU seconds are the work of all \
cores in them. *To the guide's figure*: until validation was first as good as at the end of the \
guide's program, with how many of the runs got there. The guide ({guide}) and fastai's recipe (one \
frozen epoch, then one cycle of discriminative rates) are adapted in their loss only; for \
segmentation the guide's place is taken by TensorFlow's tutorial (MobileNetV2, frozen, under a \
U-Net's decoder), whose network fastai's recipe trains as well. The probe chooses its strength by \
cross-validation. Again: `python benchmarks/learning.py --data FOLDER --weights FILE`, then \
`--report`."""


def write(rows: list[Row], label: str) -> None:
    """The section of BENCHMARKS.md and a plot for each set; rows of other labels are left out."""
    rows = [row for row in rows if row["label"] in ("", label)]
    parts = [introduction(rows)]
    for name, photos in SETS.items():
        if own := [row for row in rows if row["set"] == name]:
            draw(name, photos, own)
            parts += [table(name, photos, own), f"![{name}](docs/learning-{name}.png)"]
    write_section("learning", "\n\n".join(parts))


def introduction(rows: list[Row]) -> str:
    loads = [load for row in rows for load in row["load"]]
    return INTRODUCTION.format(
        size=160,
        tensorflow=version("tensorflow"),
        keras=version("keras"),
        sklearn=version("scikit-learn"),
        python=platform.python_version(),
        cores=", ".join(sorted({str(row["cores"]) for row in rows})),
        load=f"{min(loads):.1f} to {max(loads):.1f}",
        days=" and ".join(sorted({row["when"][:10] for row in rows})),
        seeds=", ".join(map(str, sorted({row["seed"] for row in rows}))),
        guide="frozen at 1e-3, then thawed at 1e-5, ten epochs each",
    )


def grouped(rows: list[Row]) -> dict[str, list[Row]]:
    """The runs of each method, by its name."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(title(row), []).append(row)
    first = [name for name in PEERS.values() if name in groups]
    return {name: groups[name] for name in (*first, *sorted(groups.keys() - set(first)))}


def title(row: Row) -> str:
    if row["method"] != "ours":
        return PEERS[row["method"]]
    return f"ours, `{row['strategy']}`" + (f" ({row['label']})" if row["label"] else "")


def table(name: str, photos: PhotoSet, rows: list[Row]) -> str:
    """A line for each method."""
    better = "more" if photos.higher else "less"
    lines = [
        f"### {name}",
        "",
        f"{photos.words[0].upper()}{photos.words[1:]}. The figure: {photos.figure} on the test "
        f"photos, {better} is better; watched on the validation photos: {photos.watched}.",
        "",
        "| method | figure | runs | seconds | of it start | CPU seconds | steps "
        "| to the guide's figure |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    goal = guides_goal(rows)
    for method, own in grouped(rows).items():
        cells = [
            method,
            spread([row["figure"] for row in own]),
            str(len(own)),
            *(f"{mean(row[key] for row in own):.0f}" for key in ("seconds", "startup")),
            *(f"{mean(row[key] for row in own):.0f}" for key in ("cpu_seconds", "steps")),
            reached(own, goal, photos.higher),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def guides_goal(rows: list[Row]) -> float | None:
    """The validation figure at the end of the guide's program."""
    ends = [row["curve"][-1][1] for row in rows if row["method"] == "guide"]
    return mean(ends) if ends else None


def reached(rows: list[Row], goal: float | None, higher: bool) -> str:
    if goal is None:
        return "-"
    sign = 1 if higher else -1
    times = [
        next((t for t, value in row["curve"] if sign * value >= sign * goal), None) for row in rows
    ]
    found = [t for t in times if t is not None]
    return f"{mean(found):.0f} s ({len(found)} of {len(rows)})" if found else f"0 of {len(rows)}"


def spread(values: list[float]) -> str:
    most = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
    return f"{mean(values):.3f}{most}"


def draw(name: str, photos: PhotoSet, rows: list[Row]) -> None:
    """Left: validation while it trains, the first seed. Right: the test figure at the end."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    left_marks, right_marks = [], []
    for method, own in grouped(rows).items():
        colour, word = COLOURS[own[0]["method"]], short(method)
        times, values = zip(*own[0]["curve"], strict=True)
        left.plot(times, values, color=colour, marker="." if len(times) == 1 else "", lw=1.3)
        left_marks.append((times[-1], values[-1], word, colour))
        seconds, reached = ([row[key] for row in own] for key in ("seconds", "figure"))
        error = stdev(reached) if len(reached) > 1 else 0
        right.errorbar(mean(seconds), mean(reached), error, color=colour, marker="o", capsize=3)
        right_marks.append((mean(seconds), mean(reached), word, colour))
    for axes, marks, what in (
        (left, left_marks, f"{photos.watched} on validation photos, seed {rows[0]['seed']}"),
        (right, right_marks, f"{photos.figure} on test photos, mean of the seeds"),
    ):
        axes.set(xscale="log", xlabel="seconds from the start of the command")
        axes.set_title(what, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlim(right=axes.get_xlim()[1] * 2.5)  # room for the words
        ticks = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
        low, high = axes.get_xlim()
        axes.set_xticks([t for t in ticks if low <= t <= high], minor=False)
        axes.set_xticks([], minor=True)
        axes.xaxis.set_major_formatter("{x:.0f}")
        write_words(axes, marks)
    figure.savefig(ROOT / f"docs/learning-{name}.png", dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def short(method: str) -> str:
    return method.partition(" (scikit")[0].partition(", in Keras")[0].replace("`", "")


def write_words(axes: Any, marks: Iterable[tuple[float, float, str, str]]) -> None:
    """Each beside its mark, moved up where it would lie on the one below."""
    low, high = axes.get_ylim()
    least, last = 0.05 * (high - low), -float("inf")
    for x, y, word, colour in sorted(marks, key=lambda mark: mark[1]):
        last = max(y, last + least)
        axes.annotate(
            word,
            (x, y),
            (x * 1.08, last),
            color=colour,
            fontsize=9,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.4, "alpha": 0.6},
        )
