def auc(targets: np.ndarray, scores: np.ndarray) -> float:
    """How often a yes scores above a no, where a tie is half a win; NaN without both."""
    yes = targets > 0
    _, group, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    pairs = yes.sum() * (~yes).sum()
    if not pairs:
        return float("nan")
    return float((ranks[yes].sum() - yes.sum() * (yes.sum() + 1) / 2) / pairs)
