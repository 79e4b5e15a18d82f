"""docs/scaling.md says what follows from the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import ROOT, run

sys.path[:0] = [str(ROOT / "tools")]
import scaling  # noqa: E402
from sections import put  # noqa: E402


def test_a_ring_sends_twice_the_gradients_but_for_its_own_part() -> None:
    assert scaling.sent(1_000, 1) == 0
    assert scaling.sent(1_000, 8) == 2 * 7 / 8 * 4_000
    assert scaling.sent(1_000, 256) < 2 * 4_000


def test_a_schedule_counts_by_its_epochs() -> None:
    stages = [{"epochs": 1, "trainable": 10}, {"epochs": 3, "trainable": 50}]
    assert scaling.mean(stages) == 40
    (head,) = scaling.schedule("ResNet50", "head")
    assert head["trainable"] == 2048 * scaling.CLASSES + scaling.CLASSES


def test_a_pair_that_is_refused_has_no_schedule() -> None:
    assert scaling.schedule("VGG16", "norm") == []


@pytest.mark.medium
def test_the_page_is_up_to_date(tmp_path: Path) -> None:
    run([sys.executable, ROOT / "tools" / "scaling.py", "--check"], tmp_path, check=True)


def test_a_part_is_put_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for text in ("one", r"\2 two"):
        put(page, "first", text)
        put(page, "second", "stays")
    first = "<!-- first -->\n\\2 two\n<!-- /first -->"
    assert page.read_text() == f"{first}\n\n<!-- second -->\nstays\n<!-- /second -->\n"
