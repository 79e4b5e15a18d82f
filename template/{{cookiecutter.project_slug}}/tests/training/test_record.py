"""A run goes on with the settings and the data that it was begun with, or says what has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Examples, Meaning, Splits
from {{ cookiecutter.package }}.training import record


def with_path(config: Config, path: Path) -> Config:
    return config.model_copy(update={"data": config.data.model_copy(update={"path": path})})


def test_a_path_may_be_spelled_in_another_way(
    quick: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begun = with_path(quick, Path("photos"))
    Path("config.json").write_text(begun.model_dump_json())
    assert record.changed(tmp_path, begun) == []
    assert record.changed(tmp_path, with_path(quick, tmp_path / "photos")) == []
    assert record.changed(tmp_path, with_path(quick, Path("others"))) == ["data.path"]


def test_what_leaves_the_result_as_it_is_may_change(quick: Config, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(quick.model_dump_json())
    for name, table in quick:
        for key, field in getattr(type(table), "model_fields", {}).items():
            if field.exclude:
                other = table.model_copy(update={key: "other"})
                assert record.changed(tmp_path, quick.model_copy(update={name: other})) == []
    assert record.changed(tmp_path, quick.model_copy(update={"stage": ()})) == ["stage"]


def part(name: str, splits: Splits, change: Callable[[Examples], Examples]) -> Splits:
    return replace(splits, **{name: change(getattr(splits, name))})


def relabelled(examples: Examples) -> Examples:
    targets = examples.targets.copy()
    targets[[0, 1]] = targets[[1, 0]]
    return replace(examples, targets=targets)


CHANGES = {
    "added to train: .*7.*": lambda x: part("train", x, lambda y: y.chosen(range(7))),
    "removed from test: .* and 1 more": lambda x: part("test", x, lambda y: y.chosen(range(6))),
    "under another label in validation": lambda x: part("validation", x, relabelled),
    "in another order in train": lambda x: part("train", x, lambda y: y.chosen(range(7, -1, -1))),
    "renamed from .* to something": lambda x: replace(
        x, meaning=Meaning((*x.meaning.names[:-1], "something"))
    ),
}


@pytest.mark.parametrize("said", CHANGES)
def test_data_that_have_changed_in_an_unfinished_run_are_named(
    said: str, splits: Splits, tmp_path: Path
) -> None:
    before, now = splits, CHANGES[said](splits)
    if said.startswith("added"):
        before, now = now, before
    record.keep(tmp_path, before, begun=False)
    record.keep(tmp_path, before, begun=True)
    with pytest.raises(ConfigError, match=said) as refused:
        record.keep(tmp_path, now, begun=True)
    assert str(refused.value).count("; ") == 0
    record.keep(tmp_path, now, begun=False)  # a run that failed before its first step
    record.keep(tmp_path, now, begun=True)


def test_a_file_of_examples_that_is_damaged_or_gone_is_said(
    splits: Splits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / record.FILE
    for damaged in ("", "[]", '{"names": 3}', '{"names": [], "train": [["x"]]}'):
        file.write_text(damaged)
        for use in (
            lambda: record.keep(tmp_path, splits, begun=True),
            lambda: record.unseen(tmp_path, splits.test),
        ):
            with pytest.raises(ConfigError, match=r"examples\.json is damaged .* without the file"):
                use()
    file.unlink()
    assert record.unseen(tmp_path, splits.test) is splits.test
    record.keep(tmp_path, splits, begun=True)
    said = capsys.readouterr()
    assert "to tell which images" in said.err
    assert "to compare the data with" in said.out
    assert json.loads(file.read_text())["names"] == list(splits.meaning.names)


def test_what_was_trained_on_is_no_test(
    splits: Splits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is called today, and wherever the splits have put it."""
    record.keep(tmp_path, splits, begun=False)
    assert record.unseen(tmp_path, splits.test) is splits.test
    seen = splits.train.chosen([0, 3]), splits.validation.chosen([1])
    files = splits.test.files + tuple("abc")
    digests = sum((x.digests for x in seen), splits.test.digests)
    targets = np.concatenate([splits.test.targets, *(x.targets for x in seen)])
    mixed = Examples(files, targets, np.ones(len(files), "uint8"), digests)
    left = record.unseen(tmp_path, mixed)
    assert (left.files, left.digests) == (splits.test.files, splits.test.digests)
    assert np.array_equal(left.targets, splits.test.targets)
    assert "left out of the test: 3 of 11 images" in capsys.readouterr().err


def test_a_history_holds_any_name_and_a_line_for_each_epoch(tmp_path: Path) -> None:
    rows = [{"stage": "head, first", "epoch": 1}, {"stage": 'the "last"', "epoch": 2, "loss": 0.5}]
    record.write_history(tmp_path / "history.csv", rows)
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines == ["stage,epoch,loss", '"head, first",1,', '"the ""last""",2,0.5']
