"""How good answers are, and what they say: one of several classes."""

import numpy as np

from ..examples import Meaning

HEADLINE = "accuracy"  # the figure to report; higher is better
TOP = 5


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    return float(np.mean(outputs.argmax(axis=1) == targets))


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    guesses = outputs.argmax(axis=1)
    count = len(meaning.names)
    hits = np.bincount(targets[guesses == targets], minlength=count)
    true, said = np.bincount(targets, minlength=count), np.bincount(guesses, minlength=count)
    present = true > 0
    f1 = 2 * hits / np.maximum(true + said, 1)
    recall = {
        f"recall/{name}": float(hits[number] / true[number])
        for number, name in enumerate(meaning.names)
        if present[number]
    }
    figures = {
        HEADLINE: headline(targets, outputs, meaning),
        "majority_class": float(true.max() / len(targets)),
        "macro_f1": float(f1[present].mean()),
    }
    if count > TOP:
        best = np.argsort(-outputs, axis=1)[:, :TOP]
        figures[f"top_{TOP}_accuracy"] = float(np.mean((best == targets[:, None]).any(axis=1)))
    return {**figures, **recall}


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words."""
    best = int(output.argmax())
    return {"class": meaning.names[best], "probability": round(float(output[best]), 4)}
