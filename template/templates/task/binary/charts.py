"""Pictures of how well a model tells two classes apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .drawing import EMBER, FROST, INK, Chart, Grid, canvas
from .run_files import Findings, Pictures

COLOURS = ("#4c86c6", "#d9653b", "#5b9a68", "#8b6bb0", "#b98a2f", "#4aa5a5", "#c2618c", "#7a8791")
MISTAKES = 32


def charts(found: Findings, pictures: Pictures) -> Iterator[Chart]:
    answers = answers_of(found)
    note = f"What each threshold would give; the dot is the chosen one, {answers.threshold:.3f}, "
    note += f"from which probability on an image is called {answers.name}."
    yield Chart("tradeoffs", "Precision, recall and false alarms", note, tradeoffs([answers]))
    note = f"The probability of {answers.name} that each test image was given."
    yield Chart("scores", "Scores", note, histograms([answers]))
    wrong = np.flatnonzero(answers.said != answers.true)
    if len(wrong):
        yield mistakes(found, answers, wrong, pictures)


def answers_of(found: Findings) -> Answers:
    thresholds = found.meaning.thresholds or (0.5,)
    return Answers(
        found.meaning.names[1], found.targets[:, 0] > 0, found.outputs[:, 0], thresholds[0]
    )


def mistakes(found: Findings, answers: Answers, wrong: np.ndarray, pictures: Pictures) -> Chart:
    """Those that lie farthest on the wrong side of the threshold."""
    far = np.abs(answers.scores[wrong] - answers.threshold)
    chosen = wrong[np.argsort(-far, kind="stable")][:MISTAKES].tolist()
    names = found.meaning.names
    captions = [
        (names[int(answers.true[i])], f"{names[int(answers.said[i])]} {answers.scores[i]:.2f}")
        for i in chosen
    ]
    note = f"{len(wrong)} of {len(answers.true)} test images are mistaken; those farthest from the "
    note += f"threshold come first. Below each, what it is called and how probable {names[1]} is."
    return Chart("mistakes", "The worst mistakes", note, sheet(pictures(chosen), captions))


def grid(found: Findings) -> Grid:
    answers, names = answers_of(found), found.meaning.names
    rows = []
    for number, name in enumerate(names):
        mine = answers.true == number
        hits, said = np.sum(mine & (answers.said == number)), np.sum(answers.said == number)
        rows.append(
            (
                name,
                f"{mine.sum():,}",
                *(f"{np.sum(mine & (answers.said == other)):,}" for other in (0, 1)),
                f"{hits / mine.sum():.3f}" if mine.any() else "-",
                f"{hits / said:.3f}" if said else "-",
            )
        )
    columns = ("true class", "test images", *(f"called {name}" for name in names))
    note = f"At the threshold {answers.threshold:.3f}, which was chosen on the validation images."
    return Grid("Class by class", note, (*columns, "recall", "precision"), rows)


{% include "task/_shared/sheet.py" %}


{% include "task/_shared/thresholds.j2" %}
