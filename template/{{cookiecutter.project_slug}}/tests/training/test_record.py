"""A run knows the settings that it was begun with, and a row for each of its epochs."""

from __future__ import annotations

from pathlib import Path

import pytest

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.training import record
from {{ cookiecutter.package }}.training.run import Run


def with_path(config: Config, path: Path) -> Config:
    return config.model_copy(update={"data": config.data.model_copy(update={"path": path})})


def test_a_path_may_be_spelled_in_another_way(
    quick: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begun = with_path(quick, Path("photos"))
    Path("config.json").write_text(begun.model_dump_json())
    assert Run(tmp_path).changed(begun) == []
    assert Run(tmp_path).changed(with_path(quick, tmp_path / "photos")) == []
    assert Run(tmp_path).changed(with_path(quick, Path("others"))) == ["data.path"]


def test_what_leaves_the_result_as_it_is_may_change(quick: Config, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(quick.model_dump_json())
    for name, table in quick:
        for key, field in getattr(type(table), "model_fields", {}).items():
            if field.exclude:
                other = table.model_copy(update={key: "other"})
                assert Run(tmp_path).changed(quick.model_copy(update={name: other})) == []
    assert Run(tmp_path).changed(quick.model_copy(update={"stage": ()})) == ["stage"]


def test_a_history_holds_any_name_and_a_line_for_each_epoch(tmp_path: Path) -> None:
    rows = [{"stage": "head, first", "epoch": 1}, {"stage": 'the "last"', "epoch": 2, "loss": 0.5}]
    record.write_history(tmp_path / "history.csv", rows)
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines == ["stage,epoch,loss", '"head, first",1,', '"the ""last""",2,0.5']
