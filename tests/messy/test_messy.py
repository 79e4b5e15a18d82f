"""Every case of the tables beside this file: said or done as it names, and never a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from support import posix

from . import events, layouts, settings, tables
from .bench import Bench, Outcome, copied, counted, on_disk
from .cases import Case
from .events import Event

pytestmark = posix  # pipes, links and names as other systems do not have them
KINDS = {"layouts": layouts.CASES, "tables": tables.CASES, "settings": settings.CASES}


def every(kinds: Mapping[str, Mapping[str, Case | Event]]) -> list[object]:
    """The cases as parameters; one that fails today must go on failing until it is mended."""
    return [
        pytest.param(
            case,
            id=f"{kind}: {name}",
            marks=[pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else [],
        )
        for kind, cases in kinds.items()
        for name, case in cases.items()
    ]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("messy"))
    yield bench
    bench.stop()


@pytest.mark.parametrize("case", every(KINDS))
def test_found(case: Case, bench: Bench, tmp_path: Path) -> None:
    where = bench.copy(case.project, tmp_path / "project")
    case.build(where / "data")
    outcome = bench.find(case.project, where, case.set)
    judge(case, outcome)
    if case.splits:
        assert outcome.counts == case.splits
    if not case.code and case.project == "folder" and "data.path" not in str(case.set):
        links = any(os.path.islink(path) for path in (where / "data").rglob("*"))
        used = sum(outcome.counts.values()) + counted(outcome.said)
        assert links or used == on_disk(where / "data"), outcome.said


def judge(case: Case, outcome: Outcome) -> None:
    assert not outcome.trace, outcome.trace
    assert outcome.code == case.code, outcome.said
    for part in case.said:
        assert part in outcome.said, outcome.said
    for part in case.unsaid:
        assert part not in outcome.said, outcome.said
    if case.classes is not None:
        assert tuple(outcome.classes or ()) == case.classes


@pytest.mark.medium
@pytest.mark.parametrize("event", every({"events": events.CASES}))
def test_happened(event: Event, bench: Bench, tmp_path: Path) -> None:
    where = tmp_path / "project"
    if event.begun == "new":
        bench.copy("folder", where)
    else:
        copied(bench.begun("folder", event.begun), where)
    event.change(where)
    outcome = bench.run("folder", where, *event.command, patches=event.patches)
    assert not outcome.trace, outcome.trace
    assert outcome.code == event.code, outcome.said
    for part in event.said:
        assert part in outcome.said, outcome.said
    assert event.left(where)
