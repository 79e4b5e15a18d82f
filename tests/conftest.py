"""What tests ask for by name: rendered projects, an installed wheel, a model of one's own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import venv
import zipfile
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
import pytest
from packaging.requirements import Requirement

from support import ROOT, Project, covering, render, run

Rendered = Callable[..., Project]
# Without TensorFlow, the claims about it cannot even be read.
collect_ignore_glob = [] if find_spec("tensorflow") else ["claims/test_[!c]*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, or the last process works alone for a minute.

    What looks at the same projects stays together, so that one process renders them.
    """
    items.sort(
        key=lambda item: not {"medium", "slow"} & {mark.name for mark in item.iter_markers()}
    )
    items.sort(key=lambda item: "own_tests" not in item.name)
    items.sort(key=lambda item: "covered" not in getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests came to, whichever process they ran in."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session", autouse=True)
def quiet_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes what is in the home of whoever runs it."""
    home = str(tmp_path_factory.mktemp("home"))
    os.environ.update(HOME=home, USERPROFILE=home, XDG_CONFIG_HOME=home)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Renders each set of answers once; such a project is for reading only."""
    projects: dict[str, Project] = {}

    def get(**answers: object) -> Project:
        key = json.dumps(answers, sort_keys=True)
        if key not in projects:
            projects[key] = render(answers, tmp_path_factory.mktemp("rendered") / "demo")
        return projects[key]

    return get


@pytest.fixture(scope="session")
def covered(model: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """Projects that take every branch of the template, each with a package of its own name."""
    folder = tmp_path_factory.mktemp("covered")
    names = {f"p{number:02}": answers for number, answers in enumerate(covering(model))}
    return [render({"package": n, **answers}, folder / n) for n, answers in names.items()]


@pytest.fixture(scope="module")
def sample() -> Iterator[ModuleType]:
    """The script that draws the sample data."""
    pytest.importorskip("sklearn")
    tools = str(ROOT / "tools")
    sys.path.insert(0, tools)
    import sample

    yield sample
    sys.path.remove(tools)


Compiled = dict[tuple[str, str | None, bool], Any]
compile_as_jinja_does = jinja2.Environment.compile


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Most of the time of a render is Jinja compiling; many renders need not do it many times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", remembering({}))
        yield


def remembering(kept: Compiled) -> Callable[..., Any]:
    """The same source under the same settings gives the same; no setting but this one differs."""

    def compile_once(
        environment: jinja2.Environment, source: str, name: str | None = None, *more: Any
    ) -> Any:
        key = source, name, environment.trim_blocks
        if key not in kept:
            kept[key] = compile_as_jinja_does(environment, source, name, *more)
        return kept[key]

    return compile_once


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `.keras` file as far as the generator looks into one: the architecture, no weights."""
    layers = [
        {"class_name": kind, "config": {"name": name, "batch_shape": [None, 64, 64, 3]}}
        for kind, name in (
            ("InputLayer", "image"),
            ("Conv2D", "stem"),
            ("BatchNormalization", "stem_norm"),
            ("GlobalAveragePooling2D", "pool"),
            ("Dense", "answer"),
        )
    ]
    file = tmp_path_factory.mktemp("model") / "own.keras"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", json.dumps({"config": {"layers": layers}}))
    return file


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def build_wheel(folder: Path, checkout: Path = ROOT) -> Path:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    run(build, checkout, check=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel and what it says it depends on, nothing else.

    The dependencies are copied from this environment, so that no network is needed.
    """
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    run([*pip, "--no-deps", wheel], folder, check=True)
    said = run([python, "-c", "import frostline; print(frostline.__file__)"], folder, check=True)
    packages = Path(said.stdout.strip()).parents[1]
    (own,) = packages.glob("frostline-*.dist-info")
    for name in dependencies(metadata.PathDistribution(own)):
        copy(metadata.distribution(name), packages)
    return python


def dependencies(distribution: metadata.Distribution) -> set[str]:
    """The names of what it needs, and of what that needs in turn."""
    wanted = [Requirement(text) for text in distribution.requires or ()]
    names: set[str] = set()
    while wanted:
        needed = wanted.pop()
        if needed.name not in names and (
            not needed.marker or needed.marker.evaluate({"extra": ""})
        ):
            names.add(needed.name)
            more = metadata.distribution(needed.name).requires or ()
            wanted += [Requirement(text) for text in more]
    return names


def copy(distribution: metadata.Distribution, packages: Path) -> None:
    """Copy a distribution's files that lie in site-packages."""
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if ".." not in file.parts and source.is_file():
            (packages / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, packages / file)
