"""The figures, and how far they could be off."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from finished import finished_run
from made import MEANING, SIZE

from {{ cookiecutter.package }} import dataset, evaluation, interval, task
from {{ cookiecutter.package }}.checkpoint import Run
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Examples, Meaning, Splits
from {{ cookiecutter.package }}.resampling import resampled


@pytest.fixture(scope="module")
def run(quick: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return finished_run(quick, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def model(run: Run) -> keras.Model:
    """What was saved."""
    return evaluation.load(run)[0]


@pytest.fixture(scope="module")
def answers(model: keras.Model, quick: Config, splits: Splits) -> tuple[np.ndarray, np.ndarray]:
    """Targets and outputs of twenty-four images."""
    files, targets = splits.train.files * 3, np.concatenate([splits.train.targets] * 3)
    found, outputs = evaluation.answers(model, Examples(files, targets), quick.data)
    return found, outputs


def test_figures_stay_in_the_folder(
    run: Run, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "read", lambda config: splits)
    figures = evaluation.evaluate(quick, run)
    assert json.loads((run.folder / "metrics.json").read_text()) == figures
    with np.load(run.folder / "test.npz") as file:
        kept = task.headline(file["targets"], file["outputs"], MEANING)
        assert tuple(file["files"]) == splits.test.files
        assert tuple(file["counts"]) == (8, 8, 8)
    assert figures[task.HEADLINE] == pytest.approx(kept)
    printed = evaluation.table(figures)
    assert f"{figures[task.HEADLINE]:.4f}" in printed
    if f"{task.HEADLINE}_low" in figures:
        assert f"{figures[f'{task.HEADLINE}_low']:.4f} to" in printed

    larger = quick.data.model_copy(update={"image_size": 2 * SIZE})  # edited after the training
    assert evaluation.evaluate(quick.model_copy(update={"data": larger}), run) == figures


def test_draws_are_measured_as_the_headline_is(answers: tuple[np.ndarray, np.ndarray]) -> None:
    targets, outputs = answers[0], answers[1].round(1)  # so that some are equal
    draws = interval._draws(np.random.default_rng(3), len(targets), 20)
    assert (draws.sum(axis=1) == len(targets)).all()
    found = resampled(targets, outputs, MEANING)(draws)
    for draw, value in zip(draws, found, strict=True):
        index = np.repeat(np.arange(len(targets)), draw.astype(int))
        expected = task.headline(targets[index], outputs[index], MEANING)
        assert value == pytest.approx(expected, rel=1e-5, abs=1e-6, nan_ok=True)


def test_more_images_make_the_interval_narrower(answers: tuple[np.ndarray, np.ndarray]) -> None:
    targets, outputs = answers
    few = interval.interval(targets, outputs, MEANING)
    assert few == interval.interval(targets, outputs, MEANING)
    many = interval.interval(*(np.concatenate([part] * 16) for part in answers), MEANING)
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]


def test_what_does_not_fit_is_a_sentence(
    run: Run, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Examples((), splits.test.targets[:0])
    found = Splits(MEANING, splits.train, splits.validation, nothing)
    monkeypatch.setattr(dataset, "read", lambda config: found)
    with pytest.raises(ConfigError, match="there are no test images"):
        evaluation.evaluate(quick, run)
    others = Meaning(("something", "else"))
    found = Splits(others, splits.train, splits.validation, splits.test)
    monkeypatch.setattr(dataset, "read", lambda config: found)
    with pytest.raises(ConfigError, match="but the data hold something, else"):
        evaluation.evaluate(quick, run)


def test_many_figures_are_not_all_printed() -> None:
    figures = {f"recall/{number}": 0.5 for number in range(100)}
    lines = evaluation.table({task.HEADLINE: 0.5, **figures}).splitlines()
    assert len(lines) == 2 + evaluation.ROWS
    assert lines[-1] == "and 88 more, in metrics.json"


def test_answers_do_not_depend_on_the_size_of_batches(
    model: keras.Model, quick: Config, splits: Splits
) -> None:
    odd = quick.data.model_copy(update={"batch_size": 3})
    targets, outputs = evaluation.answers(model, splits.test, odd)
    expected = evaluation.answers(model, splits.test, quick.data)
    assert np.array_equal(targets, expected[0])
    np.testing.assert_allclose(outputs, expected[1], rtol=1e-5, atol=1e-5)
