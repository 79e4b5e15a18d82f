"""Pictures of how far predicted numbers are from the true ones, in their own units."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .drawing import EMBER, FROST, INK, Chart, Grid, canvas
from .run_files import Findings, Pictures

DRAWN = 8
MISTAKES = 24


def charts(found: Findings, pictures: Pictures) -> Iterator[Chart]:
    note = "On the line, a prediction is right. The dashed lines hold 9 of 10 residuals."
    if len(found.meaning.names) > DRAWN:
        note += f" The first {DRAWN} of {len(found.meaning.names)} targets are drawn."
    yield Chart("residuals", "Predicted against true", note, _residuals(found))
    yield mistakes(found, pictures)


def mistakes(found: Findings, pictures: Pictures) -> Chart:
    """The largest errors, in standard deviations of their target."""
    scale = np.array(found.meaning.scale or (1.0,) * len(found.meaning.names))
    errors = np.abs(found.outputs - found.targets) / scale
    chosen = np.argsort(-errors.max(axis=1), kind="stable")[:MISTAKES].tolist()
    columns = errors.argmax(axis=1)
    captions = [
        (_caption(found, columns[i], found.targets[i]), f"{found.outputs[i, columns[i]]:.4g}")
        for i in chosen
    ]
    note = "Worst first: the true number above, the model's below. "
    note += "Errors are compared in standard deviations of their target."
    return Chart("mistakes", "The largest errors", note, sheet(pictures(chosen), captions))


def grid(found: Findings) -> Grid:
    errors = found.outputs - found.targets.astype("float64")
    spread = found.targets.astype("float64").std(axis=0)
    rows = []
    for number, name in enumerate(found.meaning.names):
        error = errors[:, number]
        square = float(np.mean(error**2))
        rows.append(
            (
                name,
                f"{found.targets[:, number].mean(dtype='float64'):.4g}",
                f"{spread[number]:.4g}",
                f"{np.abs(error).mean():.4g}",
                f"{np.sqrt(square):.4g}",
                f"{error.mean():+.3g}",
                f"{1 - square / spread[number] ** 2:.3f}" if spread[number] else "-",
            )
        )
    columns = ("target", "mean", "deviation", "mean error", "RMSE", "bias", "R2")
    note = "In the target's units; the mean error is that of the absolute values."
    return Grid("Target by target", note, columns, rows)


def _residuals(found: Findings) -> Any:
    """A row for each target: predicted against true, and what remains."""
    names = found.meaning.names[:DRAWN]
    figure, axes = canvas(len(names), 2, 10, 3.6 * len(names))
    size = float(np.clip(4000 / len(found.targets), 3, 18))
    dots = {"s": size, "color": FROST, "alpha": 0.6, "linewidths": 0}
    for (left, right), number in zip(axes, range(len(names)), strict=True):
        true, said = found.targets[:, number].astype("float64"), found.outputs[:, number]
        left.scatter(true, said, **dots)
        ends = (min(true.min(), said.min()), max(true.max(), said.max()))
        left.plot(ends, ends, color=INK, linewidth=1)
        left.set(xlabel=f"true {names[number]}", ylabel=f"predicted {names[number]}")
        right.scatter(true, said - true, **dots)
        right.axhline(0, color=INK, linewidth=1)
        for edge in np.quantile(said - true, (0.05, 0.95)):
            right.axhline(edge, color=EMBER, linewidth=1, linestyle="--")
        right.set(xlabel=f"true {names[number]}", ylabel="predicted less true")
        left.set_title(names[number][:40], loc="left", fontweight="bold")
        right.set_title("Residuals", loc="left", fontweight="bold")
    return figure


def _caption(found: Findings, column: int, target: np.ndarray) -> str:
    names = found.meaning.names
    return f"{target[column]:.4g}" if len(names) == 1 else f"{names[column]} {target[column]:.4g}"


{% include "task/_shared/sheet.py" %}
