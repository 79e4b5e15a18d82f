def best_threshold(targets: np.ndarray, scores: np.ndarray) -> float:
    """The threshold with the best F1: in the middle of its gap, and of equals the nearest to 0.5.

    Where there is no yes to find, nothing speaks against 0.5.
    """
    hits, said, lowest = cuts(targets, scores)
    if not hits[-1]:
        return 0.5
    f1 = 2 * hits / (said + hits[-1])
    thresholds = (lowest + np.append(lowest[1:], 0.0)) / 2
    best = np.flatnonzero(np.isclose(f1, f1.max(), rtol=0, atol=1e-12))
    return float(min(thresholds[best], key=lambda threshold: abs(threshold - 0.5)))


def cuts(targets: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each distinct score, from the highest: hits and answers of yes from there up."""
    order = np.argsort(-scores, kind="stable")
    scores = scores[order].astype("float64")
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    return np.cumsum(targets[order] > 0)[last], last + 1, scores[last]
