"""A project's own pages: README.md, EXTENDING.md and AGENTS.md say what is there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from support import ROOT, Project, render

sys.path[:0] = [str(ROOT / "tools")]
from layout import SPINE, package  # noqa: E402

PAGES = ("README.md", "EXTENDING.md", "AGENTS.md")
WORDS = (
    *("backbone", "head", "block", "stage", "schedule"),
    *("selector", "frost line", "audit", "kit", "run"),
)
SHORT = 60  # lines of a page for agents
MARKED = re.compile(r"^(\w+) +((?:[●◐❄] *)+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def projects(covered: list[Project], tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    folder = tmp_path_factory.mktemp("pages")
    bare = ({"kits": []}, {"data": "tfds", "kits": []})
    return [*covered, *(render(answers, folder / f"p{n}") for n, answers in enumerate(bare))]


def shown(project: Project) -> Iterator[str]:
    """The files and folders in the tree of the README, by their paths."""
    folders: list[str] = []
    (tree,) = re.findall(r"## Where things are\n\n```\n(.*?)```", project.read("README.md"), re.S)
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        yield "/".join([*folders[:depth], name.strip("/")])
        if name.endswith("/"):
            folders[depth:] = [name.strip("/")]


def test_the_tree_has_a_line_for_each_file(projects: list[Project]) -> None:
    """And one for each kit."""
    for project in projects:
        src = package(project.path)
        files = {path.relative_to(src) for path in src.rglob("*.py")}
        core = {file for file in files if file.parts[0] != "kits" and file.stem[:2] != "__"}
        kits = {file.parent for file in files - core if file.name == "__init__.py"} - {Path()}
        kits = {folder for folder in kits if folder.parts[0] == "kits"}
        rooms = {path.parent for path in core | kits} - {Path()}
        there = {(src / path).relative_to(project.path).as_posix() for path in core | kits | rooms}
        paths = [*shown(project)]
        assert len(set(paths)) == len(paths)
        assert {path for path in paths if path.startswith("src/") and path.count("/") > 1} == there
        others = {path for path in paths if not path.startswith("src/")} - {"runs/1"}
        assert not [path for path in others if not project.has(path)]


def test_the_figure_is_the_schedule(projects: list[Project]) -> None:
    drawn = 0
    for project in projects:
        rows = {name: marks.split() for name, marks in MARKED.findall(project.read("README.md"))}
        blocks = project.config["backbone"]["blocks"]
        assert [*rows] == ([*blocks, "head"] if blocks else [])
        drawn += bool(rows)
        for number, stage in enumerate(project.config["stage"] if rows else ()):
            assert rows["head"][number] == "●"
            in_part = project.recorded["freeze"] in ("layers", "norm") and stage["train"]
            for block in blocks:
                trains = any(fnmatch(f"block:{block}", selector) for selector in stage["train"])
                assert rows[block][number] == ("◐" if in_part else "●" if trains else "❄")
    assert drawn > len(projects) / 2


def test_the_spine_is_read_in_its_order(projects: list[Project]) -> None:
    for project in projects:
        named = re.findall(r"^\d\. \[(.+)\.py\]", project.read("README.md"), re.MULTILINE)
        assert tuple(name.replace("/", ".") for name in named) == SPINE


def test_the_glossary_has_the_ten_words(projects: list[Project]) -> None:
    for project in projects:
        (_, table) = project.read("README.md").split("## Words\n")
        table = table.partition("\n## ")[0]
        assert tuple(re.findall(r"^\| ([a-z ]+) \|", table, re.MULTILINE)[1:]) == WORDS


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str, projects: list[Project]) -> None:
    """Links, and files of the package; a recipe may make a new one."""
    for project in projects:
        text = project.read(page)
        assert "{" not in re.sub(r"(?s)```.*?```|`[^`]*`", "", text)
        names = {link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link}
        names |= {*re.findall(r"`(src/[^`]+?/?)`(?!, which is new)", text)}
        assert not [name for name in names if "ROOM" not in name and not project.has(name)]
        targets = {*re.findall(r"`make (\w+)", text)}
        assert targets <= {*re.findall(r"^(\w+):", project.read("Makefile"), re.MULTILINE)}


def test_the_page_for_agents_is_short(projects: list[Project]) -> None:
    for project in projects:
        assert len(project.read("AGENTS.md").splitlines()) <= SHORT
    assert len((ROOT / "AGENTS.md").read_text(encoding="utf-8").splitlines()) <= SHORT
