"""Marked parts of a Markdown file that programs write, between what people write."""

from __future__ import annotations

import re
from pathlib import Path


def put(file: Path, name: str, text: str) -> None:
    """Let the part of that name hold the text; a part that is not there yet comes last."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    part = f"{start}\n{text.strip()}\n{end}"
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after, found = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: part, before, flags=re.DOTALL
    )
    if not found:
        after = f"{before.rstrip()}\n\n{part}\n".lstrip()
    file.write_text(after, encoding="utf-8", newline="\n")
