def average_precision(targets: np.ndarray, scores: np.ndarray) -> float:
    """The mean of the precision at each yes, from the highest score down; NaN without a yes."""
    hits, said, _ = cuts(targets, scores)
    if not hits[-1]:
        return float("nan")
    return float(np.sum(np.diff(hits, prepend=0) * hits / said) / hits[-1])


def agreement(targets: np.ndarray, answers: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 of answers that are yes or no; 0 where there is nothing to count."""
    hits = float(np.sum((targets > 0) & answers))
    true, said = float(np.sum(targets > 0)), float(np.sum(answers))
    return {
        "precision": hits / max(said, 1.0),
        "recall": hits / max(true, 1.0),
        "f1": 2 * hits / max(true + said, 1.0),
    }
