"""Projects in environments of nothing but what they name, made by the commands of their README.

This needs a package index. pip takes the newest versions that pyproject.toml allows, and with a
list of constraints the oldest.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from support import Answers, Project, posix, render, run

pytestmark = [pytest.mark.slow, posix]


@pytest.mark.parametrize(
    ("which", "answers"),
    [
        pytest.param("newest", {}, id="newest"),
        pytest.param("newest", {"task": "segmentation", "kits": "all"}, id="newest, all kits"),
        pytest.param("oldest", {"task": "binary", "kits": "all"}, id="oldest, all kits"),
    ],
)
def test_a_project_needs_nothing_but_what_it_names(
    which: str, answers: Answers, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    project = render(answers, tmp_path / "demo")
    readme = project.read("README.md")
    assert "make test " in readme
    oldest = tmp_path / "oldest.txt"
    oldest.write_text("".join(f"{pin}\n" for pin in lower_bounds(project)), encoding="utf-8")
    limits = {"PIP_CONSTRAINT": str(oldest)} if which == "oldest" else {}
    done = run(["make", "test"], project.path, check=True, PYTHON=sys.executable, **limits)
    versions = installed(project)
    for pin in lower_bounds(project) if which == "oldest" else ():
        assert Requirement(pin).specifier.contains(versions[Requirement(pin).name]), pin
    passed = re.search(r"\d+ passed", done.stdout)
    assert passed
    core = ", ".join(f"{name} {versions[name]}" for name in ("tensorflow", "keras", "numpy"))
    record_property("figures", f"{which} versions ({core}), {answers or 'defaults'}: {passed[0]}")


def lower_bounds(project: Project) -> list[str]:
    """The oldest version of everything that the project names."""
    named = tomllib.loads(project.read("pyproject.toml"))["project"]
    texts = itertools.chain(named["dependencies"], *named["optional-dependencies"].values())
    bounds = [Requirement(re.split(r"[,;]", text)[0].strip()) for text in texts]
    assert all(str(bound.specifier).startswith(">=") for bound in bounds), bounds
    return [f"{bound.name}=={str(bound.specifier)[2:]}" for bound in bounds]


def installed(project: Project) -> dict[str, str]:
    """What the project's environment has."""
    python = project.path / ".venv/bin/python"
    listed = run([python, "-m", "pip", "list", "--format", "json"], project.path, check=True)
    return {each["name"]: each["version"] for each in json.loads(listed.stdout)}
