"""Any text at all: it comes out exactly as it went in, or is refused with a sentence."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from frostline.errors import UserError
from hostile import BAITS, CLASSES, SELECTORS, SETTINGS, TEXT, outcome, parses, plain
from support import Project, render

pytestmark = pytest.mark.medium


@SETTINGS
@given(name=TEXT, description=TEXT, author=TEXT)
@example(name="{{ 7 * 7 }}", description="{% raw %}", author='\\"')
def test_texts(name: str, description: str, author: str) -> None:
    def check(project: Project) -> None:
        expected = {"name": name, "description": description, "author": author}
        for key, text in expected.items():
            assert project.recorded[key] == plain(text)
        metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
        assert metadata["description"] == plain(description)
        if plain(author):
            assert metadata["authors"] == [{"name": plain(author)}]
            assert plain(author) in project.read("LICENSE")
        assert project.read("README.md").startswith(f"# {plain(name)}\n")

    outcome({"name": name, "description": description, "author": author}, check)


@SETTINGS
@given(classes=CLASSES)
@example(classes=["{{ 7 * 7 }}", '"', "\\"])
@example(classes=["é", "e\u0301"])
def test_classes(classes: list[str]) -> None:
    def check(project: Project) -> None:
        expected = [plain(name) for name in classes]
        assert project.recorded["classes"] == expected
        assert project.config["head"]["classes"] == expected

    outcome({"classes": classes, "sample_data": False}, check)


@SETTINGS
@given(selectors=SELECTORS)
@example(selectors=["!re:.*{{ 7 }}|conv1_bn"])
@example(selectors=["re:(a|b"])
@example(selectors=["re:.*_bn{0,1}$", "!conv?_bn", "[!x]onv*"])
def test_selectors(selectors: list[str]) -> None:
    wanted = ["block:-1", *selectors]

    def check(project: Project) -> None:
        expected = [plain(selector) for selector in wanted]
        assert project.recorded["layers"] == expected
        assert project.config["stage"][-1]["train"] == expected

    outcome({"backbone": "ResNet50", "freeze": "layers", "layers": wanted}, check)


@SETTINGS
@given(package=TEXT | st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True))
@example(package="class")
@example(package="tensorflow")
@example(package="json")
@example(package="con")
@example(package="..")
@example(package="{{ 7 }}")
def test_packages(package: str) -> None:
    def check(project: Project) -> None:
        assert project.recorded["package"] == plain(package)
        assert project.has(f"src/{plain(package)}/__init__.py")
        assert plain(package).isidentifier()

    outcome({"package": package}, check)


@SETTINGS
@given(folder=TEXT | st.from_regex(r"[A-Za-z0-9._-]{1,30}", fullmatch=True))
@example(folder="a.b")
@example(folder="1")
@example(folder="NUL.txt")
@example(folder="my-net_2.0")
def test_folders(folder: str) -> None:
    """The folder's name is also a distribution's, a script's and a key of TOML."""
    with tempfile.TemporaryDirectory() as parent:
        inside = Path(parent, "in")
        inside.mkdir()
        where = Path(f"{inside}/{folder}")
        assume(where != inside)
        try:
            project = render({"package": "demo"}, where)
        except UserError:
            assert list(Path(parent).rglob("*")) == [inside]
        else:
            assert where.parent == inside
            pyproject = tomllib.loads(project.read("pyproject.toml"))["project"]
            assert pyproject["name"] == folder
            assert pyproject["scripts"] == {folder: "demo.cli:main"}
            parses(project)


@SETTINGS
@given(name=TEXT)
@example(name='q"{{ 7 }}\\')
def test_weights(name: str) -> None:
    """A file of any name that the system takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.h5"
        try:
            file.touch()
        except (OSError, ValueError):
            return

        def check(project: Project) -> None:
            assert project.config["backbone"]["weights"] == str(file)

        outcome({"backbone": "custom", "weights": str(file), "freeze": "head"}, check)


@pytest.mark.parametrize("bait", BAITS)
def test_baits_are_only_text(bait: str) -> None:
    def check(project: Project) -> None:
        assert project.recorded["description"] == plain(bait)
        assert project.recorded["author"] == plain(bait)

    outcome({"description": bait, "author": bait}, check)
