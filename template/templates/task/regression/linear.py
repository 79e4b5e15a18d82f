CURVATURE = 1.0  # of the loss of an example: one step is enough


def wanted(targets: np.ndarray, count: int) -> np.ndarray:
    return targets.astype("float64")


def answer(scores: np.ndarray) -> np.ndarray:
    return scores


def loss(truth: np.ndarray, answers: np.ndarray) -> float:
    """The logarithm of the squared error, so that no target counts more for its units."""
    return float(np.log(((truth - answers) ** 2).mean(axis=0) + 1e-30).mean())
