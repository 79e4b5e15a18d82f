"""How good answers are, and what they say: a class for each pixel."""

import numpy as np

from ..examples import Meaning

HEADLINE = "mean_iou"  # the figure to report; higher is better


def confusion(targets: np.ndarray, outputs: np.ndarray, count: int) -> np.ndarray:
    """Pixels by what they are (rows) and what the model said (columns)."""
    true, said = targets.ravel(), outputs.ravel()
    known = true < count
    pairs = true[known].astype("int64") * count + said[known]
    return np.bincount(pairs, minlength=count**2).reshape(count, count)


def overlaps(table: np.ndarray) -> np.ndarray:
    """The intersection over union of each class; nan where there is nothing to unite."""
    hits = np.diag(table)
    union = table.sum(axis=0) + table.sum(axis=1) - hits
    return np.where(union > 0, hits / np.maximum(union, 1), np.nan)


def keep(outputs: np.ndarray) -> np.ndarray:
    """What an evaluation keeps of a batch: the class of each pixel."""
    return outputs.argmax(axis=-1).astype("uint8")


def headline(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> float:
    return float(np.nanmean(overlaps(confusion(targets, outputs, len(meaning.names)))))


def summarise(targets: np.ndarray, outputs: np.ndarray, meaning: Meaning) -> dict[str, float]:
    """Figures for a whole split, from what the model said about each of its examples."""
    table = confusion(targets, outputs, len(meaning.names))
    found = overlaps(table)
    true = table.sum(axis=1)
    return {
        HEADLINE: headline(targets, outputs, meaning),
        "majority_class": float(true.max() / true.sum() / np.count_nonzero(true)),
        "pixel_accuracy": float(np.trace(table) / true.sum()),
        **{
            f"iou/{name}": float(value)
            for name, value in zip(meaning.names, found, strict=True)
            if not np.isnan(value)
        },
    }


def describe(output: np.ndarray, meaning: Meaning) -> dict[str, str | float]:
    """One prediction in words: the share of each class."""
    return {
        name: round(float(np.mean(output == number)), 4)
        for number, name in enumerate(meaning.names)
    }
