"""Plain text tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from frostline.plan import Plan


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Columns as wide as their widest cell; the columns in `right` are numbers."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    lines = []
    for row in (titles, *rows):
        cells = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def count(number: int | None) -> str:
    """`23 587 712`, in the one spelling that no language reads as a fraction."""
    return "?" if number is None else f"{number:,}".replace(",", " ")


def schedule(plan: Plan) -> str:
    """The stages of a plan, a line each, and its notes."""
    rows = [
        [
            stage.settings["name"],
            stage.trains,
            count(stage.trainable),
            count(stage.frozen),
            f"{stage.settings['learning_rate']:g}",
            str(stage.settings["epochs"]),
        ]
        for stage in plan.stages
    ]
    titles = ("stage", "what trains", "trainable", "frozen", "rate", "epochs")
    text = table(titles, rows, right=(2, 3, 4, 5))
    return "\n".join([text, *(f"note: {note}" for note in plan.notes)])
