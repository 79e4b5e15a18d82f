"""Replaces generated sections of a Markdown file, between hand-written text."""

from __future__ import annotations

import re
from pathlib import Path


def put(file: Path, name: str, text: str) -> None:
    """Replace the section `name`, or append it."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    part = f"{start}\n{text.strip()}\n{end}"
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after, found = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: part, before, flags=re.DOTALL
    )
    if not found:
        after = f"{before.rstrip()}\n\n{part}\n".lstrip()
    file.write_text(after, encoding="utf-8", newline="\n")
