"""The figures of a run stay in its folder, and do not depend on how they are computed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.finished import finished_run
from helpers.made import MEANING, SIZE

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Examples, Meaning, Splits
from {{ cookiecutter.package }}.hooks import Kit
from {{ cookiecutter.package }}.results import evaluate, scores
from {{ cookiecutter.package }}.training.run import Run


@pytest.fixture(scope="module")
def run(quick: Config, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return finished_run(quick, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def model(run: Run) -> keras.Model:
    """What was saved."""
    return evaluate.load_model(run)[0]


def test_figures_stay_in_the_folder(
    run: Run, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(splits, test=replace(splits.test, origins=tuple("abcdefgh")))
    monkeypatch.setattr(evaluate, "load", lambda config: named)
    figures = evaluate.evaluate(quick, run)
    assert json.loads((run.folder / "metrics.json").read_text()) == figures
    with np.load(run.folder / "test.npz") as file:
        kept = scores.headline(file["targets"], file["outputs"], MEANING)
        assert tuple(file["files"]) == tuple("abcdefgh")
        assert tuple(file["counts"]) == (8, 8, 8)
    assert figures[scores.HEADLINE] == pytest.approx(kept)
    assert f"{figures[scores.HEADLINE]:.4f}" in evaluate.table(figures)


def test_images_are_shown_to_the_model_as_in_its_training(
    run: Run, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever config.toml has come to say since."""
    monkeypatch.setattr(evaluate, "load", lambda config: splits)
    figures = evaluate.evaluate(quick, run)
    larger = quick.data.model_copy(update={"image_size": 2 * SIZE, "resize": "pad"})
    assert evaluate.evaluate(quick.model_copy(update={"data": larger}), run) == figures


def test_a_run_is_used_with_its_own_settings_on_the_data_of_today(run: Run, quick: Config) -> None:
    """Its splits, its pixels and its labels; but data may move, and another batch fit better."""
    now = {"path": Path("elsewhere"), "batch_size": 3}
    data = quick.data.model_copy(update={**now, "test": 0.8, "resize": "pad", "group": "x"})
    head = quick.head.model_copy(update={"classes": ("other",)})
    used = evaluate.as_trained(quick.model_copy(update={"data": data, "head": head}), run)
    assert used.data == quick.data.model_copy(update=now)
    assert used.head == quick.head


def test_kits_say_which_images_can_test_a_run(
    run: Run, quick: Config, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Run(Path(shutil.copytree(run.folder, tmp_path / "1")))
    monkeypatch.setattr(evaluate, "load", lambda config: splits)

    def first(count: int, folder: Path, examples: Examples) -> Examples:
        return Examples(*(values[:count] for values in vars(examples).values()))

    count = len(splits.test) - 1
    fewer, none = (Kit(test_examples=partial(first, most)) for most in (count, 0))
    monkeypatch.setattr(evaluate, "kits", lambda: (Kit(), fewer))
    evaluate.evaluate(quick, here)
    with np.load(here.folder / "test.npz") as file:
        assert list(file["files"]) == list((splits.test.origins or splits.test.files)[:count])
    monkeypatch.setattr(evaluate, "kits", lambda: (fewer, none))
    with pytest.raises(ConfigError, match="no images to test with that the run has not seen"):
        evaluate.evaluate(quick, here)


@pytest.mark.parametrize("name", ["meaning.json", "model.keras", "config.json"])
def test_a_damaged_file_of_a_run_is_named(
    name: str, run: Run, quick: Config, tmp_path: Path
) -> None:
    here = Run(Path(shutil.copytree(run.folder, tmp_path / "1")))
    whole = (here.folder / name).read_bytes()
    part = len(whole) // 4
    for damaged in (b"", whole[:part], whole[:part] + bytes(2 * part) + whole[3 * part :]):
        (here.folder / name).write_bytes(damaged)
        with pytest.raises(ConfigError, match=rf"{name} is damaged .* put a copy of it back"):
            evaluate.load_model(here), evaluate.as_trained(quick, here)


def test_what_does_not_fit_is_a_sentence(
    run: Run, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Examples((), splits.test.targets[:0], splits.test.turns[:0])
    monkeypatch.setattr(evaluate, "load", lambda config: replace(splits, test=nothing))
    with pytest.raises(ConfigError, match="there are no images to test with"):
        evaluate.evaluate(quick, run)
    others = Meaning(("something", "else"))
    monkeypatch.setattr(evaluate, "load", lambda config: replace(splits, meaning=others))
    with pytest.raises(ConfigError, match="but the data hold something, else"):
        evaluate.evaluate(quick, run)


def test_many_figures_are_not_all_printed() -> None:
    figures = {f"recall/{number}": 0.5 for number in range(100)}
    lines = evaluate.table({scores.HEADLINE: 0.5, **figures}).splitlines()
    assert len(lines) == 2 + evaluate.ROWS
    assert lines[-1] == "and 88 more, in metrics.json"


def test_answers_do_not_depend_on_the_size_of_batches(
    model: keras.Model, quick: Config, splits: Splits
) -> None:
    odd = quick.data.model_copy(update={"batch_size": 3})
    targets, outputs = evaluate.answers(model, splits.test, odd)
    expected = evaluate.answers(model, splits.test, quick.data)
    assert np.array_equal(targets, expected[0])
    np.testing.assert_allclose(outputs, expected[1], rtol=1e-5, atol=1e-5)
