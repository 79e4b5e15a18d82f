"""Whatever renders the template, the project is the same, byte for byte."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conftest import Rendered
from support import (
    Answers,
    Tree,
    answers_file,
    context,
    copied_checkout,
    run,
    tree,
)

HOSTILE = {
    "name": 'Zoë\'s "Net" \\ {{ 7 * 7 }} {% raw %} {# #} %}',
    "description": "日本語 \U0001f600 ' \" \\ \\n ${HOME} `id` <b> & %s {0} # [x] " + "long" * 200,
    "author": 'Ada "the" O\'Neil {{ cookiecutter.__class__ }} \\',
    "classes": ["a'b", 'c"d', "日本", "{{ 7 }}", "\U0001f600", "x,y", "[z]", "{% if %}"],
}
SETS: dict[str, Answers] = {
    "default": {},
    "hostile": HOSTILE,
    "layers": {
        "backbone": "ResNet50",
        "freeze": "layers",
        "layers": ["block:conv5", "!re:.*_bn{0,1}$"],
        "license": "mit",
        "ci": "gitlab",
        "kits": [],
    },
    "frozen filters": {"freeze": "filters", "filters": ["block1_conv1:0-3"], "ci": "none"},
    "network of one's own": {"backbone": "custom", "freeze": "top", "image_size": 64},
    "bare": {
        "backbone": "ConvNeXtTiny",
        "freeze": "full",
        "outputs": 12,
        "license": "none",
        "ci": "none",
        "sample_data": False,
    },
}


@pytest.fixture(params=SETS)
def answers(request: pytest.FixtureRequest, model: Path) -> Answers:
    """One set of answers; a model of one's own is a file of this run."""
    chosen = dict(SETS[request.param])
    return chosen | {"weights": str(model)} if chosen.get("backbone") == "custom" else chosen


@pytest.fixture
def expected(answers: Answers, rendered: Rendered) -> Tree:
    """What the checkout renders in this process."""
    return tree(rendered(**answers).path)


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checkout as a repository of its own, so that what git leaves out is missing."""
    folder = copied_checkout(tmp_path_factory.mktemp("git") / "frostline")
    who = [
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "commit.gpgsign=false",
    ]
    run(["git", "init", "--quiet", "--initial-branch=main"], folder, check=True)
    run(["git", "add", "--all"], folder, check=True)
    run(["git", *who, "commit", "--quiet", "--message=all"], folder, check=True)
    return folder.as_uri()


def stock(answers: Answers) -> dict[str, str]:
    return context({"project_slug": "demo", "name": "demo", **answers})


def cookiecutter(source: str, answers: Answers, where: Path, *options: str) -> Tree:
    """Stock cookiecutter, with a home of its own."""
    extra = [f"{key}={text}" for key, text in stock(answers).items()]
    command = [sys.executable, "-m", "cookiecutter", "--no-input", *options, source, *extra]
    run(command, where, check=True)
    return tree(where / "demo")


@pytest.mark.medium
def test_installed_wheel(answers: Answers, expected: Tree, installed: Path, tmp_path: Path) -> None:
    file = answers_file(answers, tmp_path)
    command = [installed, "-m", "frostline", "new", "demo", "--no-input", "--answers", file]
    run(command, tmp_path, check=True)
    assert tree(tmp_path / "demo") == expected


def test_checkout_in_a_process_of_its_own(answers: Answers, expected: Tree, tmp_path: Path) -> None:
    file = answers_file(answers, tmp_path)
    command = [sys.executable, "-m", "frostline", "new", "demo", "--no-input", "--answers", file]
    run(command, tmp_path, check=True)
    assert tree(tmp_path / "demo") == expected


@pytest.mark.medium
def test_cookiecutter_on_the_path(answers: Answers, expected: Tree, tmp_path: Path) -> None:
    source = copied_checkout(tmp_path / "checkout")
    assert cookiecutter(str(source), answers, tmp_path) == expected


@pytest.mark.medium
def test_cookiecutter_on_a_git_url(
    answers: Answers, expected: Tree, url: str, tmp_path: Path
) -> None:
    assert cookiecutter("git+" + url, answers, tmp_path) == expected


@pytest.mark.medium
def test_cookiecutter_on_the_nested_template(
    answers: Answers, expected: Tree, url: str, tmp_path: Path
) -> None:
    options = ("--directory", "template", "--accept-hooks", "no")
    assert cookiecutter("git+" + url, answers, tmp_path, *options) == expected


@pytest.mark.medium
def test_cookiecutter_on_the_installed_template(
    answers: Answers, expected: Tree, installed: Path, tmp_path: Path
) -> None:
    """Pip leaves bytecode there; whatever it compiles must not end up in a project."""
    (template,) = installed.parents[1].glob("**/frostline/_template")
    rendered = cookiecutter(str(template), answers, tmp_path)
    assert {k: v for k, v in rendered.items() if not k.endswith(".pyc")} == expected


@pytest.mark.medium
def test_cruft(answers: Answers, expected: Tree, url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cruft", "create", url, "--directory", "template"]
    extra = ["--no-input", "--output-dir", tmp_path, "--extra-context", json.dumps(stock(answers))]
    run([*command, *extra], tmp_path, check=True)
    rendered = tree(tmp_path / "demo")
    del rendered[".cruft.json"]
    assert rendered == expected
