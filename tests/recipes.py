"""Recipes as pages give them: files to make and lines to change, in blocks that name a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = re.compile(r"^(In|All of) `([^`]+)`[^\n]*:\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Recipe:
    """What to do to which files; a block that is no diff is all of its file."""

    promise: str  # such as "2 files, 5 lines"
    blocks: tuple[tuple[str, str, str], ...]

    @property
    def cost(self) -> str:
        """The promise that would be true."""
        added = 0
        for how, _, text in self.blocks:
            news = [line for line in text.splitlines() if how == "All of" or line[:1] == "+"]
            added += sum(bool(line.strip("+ ")) for line in news)
        files = len({file for _, file, _ in self.blocks})
        return f"{files} file{'s'[: files != 1]}, {added} line{'s'[: added != 1]}"

    def apply(self, folder: Path) -> None:
        for how, name, text in self.blocks:
            file = folder / name
            if how == "In":
                before = file.read_text(encoding="utf-8")
                for hunk in text.split("@@\n"):
                    before = changed(before, hunk.splitlines(keepends=True))
                text = before
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def changed(text: str, hunk: list[str]) -> str:
    """Lines are found by what the hunk shows of them, in one place only."""
    old, new = ("".join(line[1:] for line in hunk if line[0] in signs) for signs in (" -", " +"))
    assert f"\n{text}".count(f"\n{old}") == 1, f"the page shows what is not there:\n{old}"
    return f"\n{text}".replace(f"\n{old}", f"\n{new}", 1)[1:]


def recipes(page: str) -> Iterator[tuple[str, Recipe]]:
    """Each with its name; one that needs no code has no blocks."""
    for section in page.split("\n## ")[1:]:
        promise = re.search(r"^\*(.+?)\.\*", section, re.MULTILINE)
        blocks = tuple(match.groups() for match in FILE.finditer(section))
        assert section.count("```") == 2 * len(blocks), f"a block without its file:\n{section}"
        name = section.partition("\n")[0].removeprefix("A ")
        yield name, Recipe(promise[1] if promise else "", blocks)
