"""Pictures of how a model that chooses one of several classes is wrong."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .drawing import EMBER, FROST, INK, Chart, Grid, canvas
from .run_files import Findings, Pictures

MISTAKES = 32
WITH_COUNTS = 20  # so many classes leave room for a number in each cell
MOST = 100  # of more classes, those that are mistaken most are drawn


def charts(found: Findings, pictures: Pictures) -> Iterator[Chart]:
    counts = confusion(found)
    note = "A row is a true class; the darker a cell, the larger its share of the row."
    if len(counts) > MOST:
        note += f" Of {len(counts)} classes, the {MOST} with the most mistakes are shown."
    yield Chart("confusion", "What each class is taken for", note, _matrix(found, counts))
    said = found.outputs.argmax(axis=1)
    if (said != found.targets).any():
        yield mistakes(found, said, pictures)


def confusion(found: Findings) -> np.ndarray:
    """How often each class (rows) was taken for each (columns)."""
    count = len(found.meaning.names)
    pairs = found.targets.astype("int64") * count + found.outputs.argmax(axis=1)
    return np.bincount(pairs, minlength=count * count).reshape(count, count)


def mistakes(found: Findings, said: np.ndarray, pictures: Pictures) -> Chart:
    """Those that the model was surest of."""
    sure, names = found.outputs.max(axis=1), found.meaning.names
    wrong = np.flatnonzero(said != found.targets)
    chosen = wrong[np.argsort(-sure[wrong], kind="stable")][:MISTAKES].tolist()
    captions = [(names[found.targets[i]], f"{names[said[i]]} {sure[i]:.0%}") for i in chosen]
    note = f"{len(wrong)} of {len(said)} test images are mistaken; the surest mistakes come first. "
    note += "Above each is its true class, below it the model's."
    return Chart("mistakes", "The worst mistakes", note, sheet(pictures(chosen), captions))


def grid(found: Findings) -> Grid:
    counts = confusion(found)
    names = found.meaning.names
    true, said, hits = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    rows = []
    for i in np.argsort(np.where(true, hits / np.maximum(true, 1), 2), kind="stable"):
        others = np.where(np.arange(len(names)) == i, 0, counts[i])
        other = int(others.argmax())
        rows.append(
            (
                names[i],
                str(true[i]),
                _share(hits[i], true[i]),
                _share(hits[i], said[i]),
                _share(2 * hits[i], true[i] + said[i]) if true[i] else "-",
                f"{names[other]} ({others[other]})" if others[other] else "-",
            )
        )
    note = "Worst first. Recall: the share of a class that is found. Precision: the share of what "
    note += "is called so that is so."
    columns = ("class", "test images", "recall", "precision", "F1", "most often taken for")
    return Grid("Class by class", note, columns, rows)


def _matrix(found: Findings, counts: np.ndarray) -> Any:
    """Shares of each row as shades; of very many classes, those with the most mistakes."""
    mistakes = counts.sum(axis=1) + counts.sum(axis=0) - 2 * counts.diagonal()
    kept = np.sort(np.argsort(-mistakes, kind="stable")[:MOST])
    shares = counts[kept] / np.maximum(counts[kept].sum(axis=1, keepdims=True), 1)
    shares, names = shares[:, kept], [found.meaning.names[i][:24] for i in kept]
    size = len(kept)
    side = float(np.clip(2.4 + 0.45 * size, 4, 10))
    figure, axes = canvas(1, 1, side, side)
    axis = axes[0, 0]
    axis.imshow(shares**0.6, cmap="Blues", vmin=0, vmax=1)  # so that small shares can be seen
    if size <= WITH_COUNTS:
        for (row, column), count in np.ndenumerate(counts[np.ix_(kept, kept)]):
            color = "white" if shares[row, column] > 0.5 else INK if count else "#c3ccd4"
            axis.text(column, row, str(count), ha="center", va="center", color=color)
    small = float(np.clip(170 / size, 4.2, 9))
    turned = {"rotation": 45 if size <= WITH_COUNTS else 90, "rotation_mode": "anchor"}
    axis.set_xticks(range(size), names, fontsize=small, ha="right", va="center", **turned)
    axis.set_yticks(range(size), names, fontsize=small)
    axis.set(xlabel="predicted", ylabel="true")
    axis.grid(visible=False)
    axis.spines[:].set_visible(True)
    axis.spines[:].set_color(FROST)
    return figure


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


{% include "task/_shared/sheet.py" %}
