"""Pictures of how well a model outlines what it sees."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...data.palette import palette
from ...results.scores import confusion, overlaps
from .drawing import EMBER, FROST, Chart, Grid, canvas
from .run_files import Findings, Pictures

DRAWN = 40
ROWS = 4
KEYS = 24  # classes whose colour is explained
GROUPS = ("worst", "typical", "best")


def charts(found: Findings, pictures: Pictures) -> Iterator[Chart]:
    values, names = overlaps(_table(found)), found.meaning.names
    chosen = np.argsort(np.nan_to_num(values, nan=2.0), kind="stable")[:DRAWN].tolist()
    note = "Intersection over union: the pixels that truth and model share, of those that either "
    note += "gives the class."
    if len(names) > DRAWN:
        note += f" Of {len(names)} classes, the {DRAWN} with the lowest are shown."
    figure = _bars([names[i] for i in chosen], [float(values[i]) for i in chosen], "IoU")
    yield Chart("iou", "Class by class", note, figure)
    note = "By the mean IoU of the image, which stands below each. Light grey is not judged."
    yield Chart("overlays", "The worst, typical and best masks", note, _overlays(found, pictures))


def grid(found: Findings) -> Grid:
    table = _table(found)
    values, hits = overlaps(table), table.diagonal()
    true, said = table.sum(axis=1), table.sum(axis=0)
    rows = []
    for i in np.argsort(np.nan_to_num(values, nan=2.0), kind="stable"):
        rows.append(
            (
                found.meaning.names[i],
                f"{true[i] / max(true.sum(), 1):.2%}",
                _share(hits[i], true[i]),
                _share(hits[i], said[i]),
                "-" if np.isnan(values[i]) else f"{values[i]:.3f}",
            )
        )
    note = "Lowest IoU first. Recall: the share of a class's pixels that are found. Precision: the "
    note += "share of what is called so that is so."
    columns = ("class", "share of pixels", "recall", "precision", "IoU")
    return Grid("Pixels of each class", note, columns, rows)


def _bars(names: Sequence[str], values: Sequence[float], label: str) -> Any:
    """A bar for each name, the longest on top; nothing where a value is not a number."""
    order = sorted(range(len(names)), key=lambda i: (np.isnan(values[i]), -values[i]))
    figure, axes = canvas(1, 1, 7, 0.9 + 0.24 * len(names))
    axis = axes[0, 0]
    axis.barh(range(len(order)), [np.nan_to_num(values[i]) for i in order], 0.7, color=FROST)
    for row, i in enumerate(order):
        text = "no test pixels" if np.isnan(values[i]) else f" {values[i]:.3f}"
        axis.text(np.nan_to_num(values[i]), row, text, va="center", fontsize=8)
    axis.set(xlim=(0, 1.08), xlabel=label)
    axis.set_yticks(range(len(order)), [names[i][:32] for i in order])
    axis.grid(visible=False, axis="y")
    axis.invert_yaxis()
    return figure


def _table(found: Findings) -> np.ndarray:
    return confusion(found.targets, found.outputs, len(found.meaning.names))


def _overlays(found: Findings, pictures: Pictures) -> Any:
    """Three groups of columns: the image, its true mask over it, and the model's."""
    from matplotlib.patches import Patch

    names = found.meaning.names
    pairs = zip(found.targets, found.outputs, strict=True)
    scores = np.array([_mean(overlaps(confusion(*pair, len(names)))) for pair in pairs])
    order = np.argsort(scores, kind="stable")
    rows = min(ROWS, max(1, len(order) // 3))
    middle = max(0, len(order) // 2 - rows // 2)
    groups = (order[:rows], order[middle : middle + rows], order[::-1][:rows])
    lines = -(-min(len(names), KEYS) // 6)
    figure, axes = canvas(rows, 9, 10, 0.4 + 1.28 * rows + 0.22 * lines)
    for number, (group, title) in enumerate(zip(groups, GROUPS, strict=True)):
        for row, (index, image) in enumerate(zip(group, pictures(group.tolist()), strict=True)):
            masks = (found.targets[index, ..., 0], found.outputs[index])
            tiles = (image, *(blend(image, mask, len(names)) for mask in masks))
            for column, tile in enumerate(tiles):
                axes[row, 3 * number + column].imshow(tile, interpolation="nearest")
            below = axes[row, 3 * number + 2]
            place = {"transform": below.transAxes, "ha": "right", "va": "top", "fontsize": 8}
            below.text(1, -0.04, f"{scores[index]:.3f}", color=EMBER, **place)
        for column, part in enumerate((f"{title}: image", "truth", "model")):
            axes[0, 3 * number + column].set_title(part, fontsize=8, loc="left")
    for axis in axes.flat:
        axis.set_axis_off()
    keys = [Patch(color=palette()[i] / 255, label=names[i][:24]) for i in range(len(names))]
    figure.legend(handles=keys[:KEYS], loc="outside lower left", ncols=6, fontsize=8)
    return figure


def blend(image: np.ndarray, mask: np.ndarray, classes: int) -> np.ndarray:
    """The image under its mask; what is no class's is light grey."""
    colours = palette()[np.where(mask < classes, mask, 255)]
    weight = np.where(mask == 0, 0.3, 0.6)[..., None]  # the first class is often the background
    return ((1 - weight) * image + weight * colours).astype("uint8")


def _mean(values: np.ndarray) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else 1.0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
