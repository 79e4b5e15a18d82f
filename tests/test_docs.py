"""The pages in docs/ say what the tests hold, and point to what there is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from support import ROOT, run

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "BENCHMARKS.md"]


def test_the_page_of_claims_is_in_step(tmp_path: Path) -> None:
    run([sys.executable, ROOT / "tools/claims.py", "--check"], tmp_path, check=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith(("http://", "https://")):
            name = target.replace("%7B", "{").replace("%7D", "}")
            assert (page.parent / name).exists(), f"{page.name}: {target}"


def cited(kind: str) -> list[str]:
    """What docs/decisions.md cites in brackets: `(claims: F1, F2)`."""
    text = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    lists = re.findall(rf"\({kind}: ([^)]+)\)", text)
    return [item.strip() for found in lists for item in found.split(",")]


def test_the_claims_that_decisions_cite_are_tested() -> None:
    claims = (ROOT / "docs/claims.md").read_text(encoding="utf-8")
    assert len(cited("claims")) > 20
    for number in cited("claims"):
        assert f"\n| {number} | " in claims, number


@pytest.mark.parametrize(
    ("kind", "file", "form"),
    [("bench", "BENCHMARKS.md", "| {} |"), ("README", "README.md", "({})")],
)
def test_the_figures_that_decisions_cite_are_there(kind: str, file: str, form: str) -> None:
    figures = (ROOT / file).read_text(encoding="utf-8")
    decisions = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    assert cited(kind)
    for figure in cited(kind):
        assert form.format(figure) in figures, f"{file} no longer says {figure}"
        assert decisions.count(figure) > 1, f"{figure} is cited but not said"
