CURVATURE = 0.25  # at most, of the loss of an example


def wanted(targets: np.ndarray, count: int) -> np.ndarray:
    return targets.astype("float64")


def answer(scores: np.ndarray) -> np.ndarray:
    """The probability of a yes in each column."""
    return np.asarray(0.5 + 0.5 * np.tanh(scores / 2))


def loss(truth: np.ndarray, answers: np.ndarray) -> float:
    return float(-np.log(np.where(truth > 0, answers, 1 - answers) + 1e-12).mean())
