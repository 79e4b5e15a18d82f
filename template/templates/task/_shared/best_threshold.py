def best_threshold(targets: np.ndarray, scores: np.ndarray) -> float:
    """The threshold nearest to 0.5 whose F1 is the best, or within one standard error of that.

    The best of few examples is found by chance: 30 of them would often move the threshold to 0.9,
    for a single one that they got wrong. Where there is no yes to find, nothing speaks against 0.5.
    """
    hits, said, lowest = cuts(targets, scores)
    if not hits[-1]:
        return 0.5
    f1 = 2 * hits / (said + hits[-1])
    thresholds = np.append((lowest + np.append(lowest[1:], 0.0)) / 2, 0.5)
    above = np.count_nonzero(lowest >= 0.5)
    f1 = np.append(f1, f1[above - 1] if above else 0.0)
    share = f1.max() * hits[-1] / (hits[-1] + 1)  # never 1, for that would be beyond doubt
    error = np.sqrt(share * (1 - share) / hits[-1])
    return float(min(thresholds[f1 >= f1.max() - error], key=lambda x: abs(x - 0.5)))


def cuts(targets: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each distinct score, from the highest: hits and answers of yes from there up."""
    order = np.argsort(-scores, kind="stable")
    scores = scores[order].astype("float64")
    last = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    return np.cumsum(targets[order] > 0)[last], last + 1, scores[last]
