"""What there is to learn from, and what is true of an image, in words."""

import numpy as np

from ...examples import Meaning

COUNTED = False  # tally() describes the targets


def tally(targets: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Where each target lies, and how far it reaches."""
    figures = {}
    for name, column in zip(meaning.names, targets.T.astype("float64"), strict=True):
        for kind, value in (("least", column.min), ("mean", column.mean), ("most", column.max)):
            figures[f"{kind} {name}"] = float(value()) if len(column) else 0.0
    return figures


def caption(target: np.ndarray, meaning: Meaning) -> str:
    """What is true of an image, in a few words."""
    named = zip(meaning.names, target, strict=True)
    return ", ".join(f"{name} {value:.4g}" for name, value in named)
