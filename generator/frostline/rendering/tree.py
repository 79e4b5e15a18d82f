"""The files of a project as a folded tree, so that the plan above it stays on the screen."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

WIDTH = 76


def folded(files: Sequence[str], package: str) -> list[str]:
    """A line for each folder with the number of its files; what is in the package by folders."""
    source = f"src/{package}/"
    folders: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    single = []
    for file in files:
        top, slash, rest = file.partition("/")
        if not slash:
            single.append(file)
            continue
        folders[source if file.startswith(source) else f"{top}/"] += 1
        name, slash, _ = rest.removeprefix(f"{package}/").partition("/")
        if file.startswith(source) and slash:
            inside[f"{name}/"] += 1
    wide = max(map(len, folders), default=0)
    lines = []
    for folder, number in sorted(folders.items()):
        line = f"{folder:<{wide}} {number:>4} {'file' if number == 1 else 'files'}"
        parts = ", ".join(f"{name} {count}" for name, count in sorted(inside.items()))
        lines += _wrapped(f"{line}: {parts}" if folder == source and parts else line, wide + 6)
    return [*lines, *_wrapped(", ".join(single))]


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
