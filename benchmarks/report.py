"""BENCHMARKS.md: each script writes its own section of it."""

from __future__ import annotations

from pathlib import Path

from sections import put

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "BENCHMARKS.md"


def write_section(name: str, text: str) -> None:
    """Replace the section `name`, and print it."""
    put(REPORT, name, text)
    print(text)
