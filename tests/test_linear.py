"""The linear probe of a project against scikit-learn's linear models, on made features."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support import render

Rows = tuple[np.ndarray, np.ndarray]
CLOSE = 0.005  # half a point


def made(task: str, seed: int, features: int, classes: int) -> Callable[[int], Rows]:
    """Features as a network has them, positive and dependent on each other, and noisy targets."""
    random = np.random.default_rng(seed)
    basis, weights = random.normal(size=(20, features)), random.normal(size=(20, classes))

    def rows(count: int) -> Rows:
        causes = random.normal(size=(count, 20))
        x = np.maximum(causes @ basis / 5 + random.normal(size=(count, features)), 0)
        scores = causes @ weights + 2 * random.normal(size=(count, classes))
        if task == "multiclass":
            return x, scores.argmax(axis=1)
        return x, scores * 1000 ** np.arange(classes) if task == "regression" else scores > 1

    return rows


def peer(task: str, linear: Any, train: Rows, validation: Rows) -> Callable[[Any], np.ndarray]:
    """The same choice among the same strengths, fitted by scikit-learn."""
    models = pytest.importorskip("sklearn.linear_model")
    scale = pytest.importorskip("sklearn.preprocessing").StandardScaler().fit(train[0])

    def fitted(strength: float) -> Callable[[np.ndarray], np.ndarray]:
        x = scale.transform(train[0])
        if task == "regression":
            ridge = models.Ridge(strength).fit(x, train[1])
            return lambda rows: ridge.predict(scale.transform(rows))
        logistic = [
            models.LogisticRegression(C=1 / strength, max_iter=2000).fit(x, column)
            for column in ([train[1]] if task == "multiclass" else train[1].T)
        ]
        found = [lambda rows, m=m: m.predict_proba(scale.transform(rows)) for m in logistic]
        if task == "multiclass":
            return found[0]
        return lambda rows: np.stack([each(rows)[:, 1] for each in found], axis=1)

    truth = linear.wanted(validation[1], train[1].max() + 1 if task == "multiclass" else 0)
    tried = [fitted(strength) for strength in linear.STRENGTHS]
    return min(tried, key=lambda model: linear.loss(truth, model(validation[0])))


def right(task: str, targets: np.ndarray, answers: np.ndarray) -> np.ndarray:
    if task == "multiclass":
        return np.mean(answers.argmax(axis=1) == targets)
    if task == "regression":
        return 1 - np.mean((answers - targets) ** 2, axis=0) / targets.var(axis=0)
    return np.mean((answers > 0.5) == targets, axis=0)


@pytest.mark.parametrize("task", ["multiclass", "multilabel", "regression"])
def test_the_probe_is_as_good_as_scikit_learns(task: str, tmp_path: Path) -> None:
    render({"package": "demo", "task": task}, tmp_path / "demo")
    file = tmp_path / "demo/src/demo/kits/_linear.py"
    spec = importlib.util.spec_from_file_location(f"linear_{task}", file)
    assert spec is not None
    assert spec.loader is not None
    linear = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(linear)
    for seed, (count, features, classes) in enumerate([(80, 60, 3), (300, 120, 4), (90, 200, 3)]):
        rows = made(task, seed, features, classes)
        train, validation, test = rows(count), rows(60), rows(4000)
        answers = linear.fit(train, validation, classes)(test[0])
        assert np.array_equal(answers, linear.fit(train, validation, classes)(test[0]))
        expected = peer(task, linear, train, validation)(test[0])
        found = right(task, test[1], answers) - right(task, test[1], expected)
        assert np.abs(found).max() < CLOSE, (count, features)
