"""Pictures of how well a model finds each of several labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...results.scores import agreement, average_precision
from .drawing import EMBER, FROST, INK, Chart, Grid, canvas
from .run_files import Findings, Pictures

COLOURS = ("#4c86c6", "#d9653b", "#5b9a68", "#8b6bb0", "#b98a2f", "#4aa5a5", "#c2618c", "#7a8791")
DRAWN = 10
MISTAKES = 24


def charts(found: Findings, pictures: Pictures) -> Iterator[Chart]:
    labels = sorted(answers_of(found), key=lambda label: _precision(label) or 2.0)
    drawn = [label for label in labels if label.true.any()][:DRAWN]
    which = f"the {DRAWN} labels that are found worst" if len(labels) > len(drawn) else "each label"
    if drawn:
        note = f"What each threshold would give, for {which}; the dots are the chosen ones."
        yield Chart("tradeoffs", "Precision, recall and false alarms", note, tradeoffs(drawn))
        note = f"The probabilities that the test images were given, for {which}."
        yield Chart("scores", "Scores", note, histograms(drawn))
    said, true = _said(found), found.targets > 0
    wrong = np.flatnonzero((said != true).any(axis=1))
    if len(wrong):
        yield mistakes(found, said, wrong, pictures)


def answers_of(found: Findings) -> list[Answers]:
    names = found.meaning.names
    thresholds = found.meaning.thresholds or (0.5,) * len(names)
    columns = zip(names, found.targets.T > 0, found.outputs.T, thresholds, strict=True)
    return [Answers(*column) for column in columns]


def mistakes(found: Findings, said: np.ndarray, wrong: np.ndarray, pictures: Pictures) -> Chart:
    """Those with a label that lies farthest on the wrong side of its threshold."""
    far = np.abs(found.outputs - (found.meaning.thresholds or 0.5))
    far = np.where(said != (found.targets > 0), far, 0).max(axis=1)
    chosen = wrong[np.argsort(-far[wrong], kind="stable")][:MISTAKES].tolist()
    captions = [(_names(found, found.targets[i] > 0), _names(found, said[i])) for i in chosen]
    note = f"{len(wrong)} of {len(said)} test images have a wrong label; those farthest from the "
    note += "threshold come first. Above each are its true labels, below it the model's."
    figure = sheet(pictures(chosen), captions, across=6)
    return Chart("mistakes", "The worst mistakes", note, figure)


def grid(found: Findings) -> Grid:
    rows = []
    for label in sorted(answers_of(found), key=lambda label: _precision(label) or 2.0):
        figures = agreement(label.true, label.said)
        found_at_all = [f"{figures[key]:.3f}" for key in ("recall", "precision", "f1")]
        precision = _precision(label)
        rows.append(
            (
                label.name,
                f"{label.true.sum():,}",
                f"{label.threshold:.3f}",
                *(found_at_all if precision is not None else ("-", "-", "-")),
                "-" if precision is None else f"{precision:.3f}",
            )
        )
    columns = ("label", "test images", "threshold", "recall", "precision", "F1")
    note = "Worst first. The thresholds were chosen on the validation images."
    return Grid("Label by label", note, (*columns, "average precision"), rows)


def _said(found: Findings) -> np.ndarray:
    return found.outputs >= np.array(found.meaning.thresholds or 0.5)


def _precision(label: Answers) -> float | None:
    return average_precision(label.true, label.scores) if label.true.any() else None


def _names(found: Findings, holds: np.ndarray) -> str:
    names = [name for name, yes in zip(found.meaning.names, holds, strict=True) if yes]
    return ", ".join(names) or "none"


{% include "task/_shared/sheet.py" %}


{% include "task/_shared/thresholds.j2" %}
