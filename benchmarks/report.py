"""BENCHMARKS.md: each script writes its own section of it, between two markers."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "BENCHMARKS.md"


def write_section(name: str, text: str) -> None:
    """Put `text` in the place of the section `name`, or at the end where there is none yet."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = f"{start}\n{text}\n{end}"
    report = REPORT.read_text(encoding="utf-8") if REPORT.exists() else "# Measurements\n"
    if start in report:
        pattern = f"{re.escape(start)}.*{re.escape(end)}"
        report = re.sub(pattern, lambda _: section, report, flags=re.DOTALL)
    else:
        report = f"{report.rstrip()}\n\n{section}\n"
    REPORT.write_text(report, encoding="utf-8", newline="\n")
    print(text)
