"""Every combination makes a project, and the projects pass their own tests."""

from __future__ import annotations

import ast
import itertools
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import pytest
from conftest import Rendered
from frostline import catalogue
from frostline.errors import UserError
from frostline.questions import BY_KEY
from support import STRATEGIES, Answers, render, strategy, text_files, tree


def only_refusal(backbone: str, freeze: str) -> bool:
    """The one thing that cannot be had: normalisation layers where there are none."""
    network = catalogue.backbone(backbone)
    return freeze == "norm" and backbone != "custom" and not network.norm_layers


@pytest.mark.medium
@pytest.mark.xdist_group("sweep")
def test_every_backbone_with_every_strategy(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin, refused, rendered = time.monotonic(), [], 0
    for backbone, freeze in itertools.product(catalogue.names(), STRATEGIES):
        answers = strategy(freeze, backbone)
        if backbone == "custom":
            answers = {**answers, "weights": str(model)}
        try:
            rendered += sound(answers)
        except UserError as problem:
            assert only_refusal(backbone, freeze), f"{answers}: {problem}"
            assert backbone in str(problem)
            refused.append(f"{backbone} with {freeze}")
        else:
            assert not only_refusal(backbone, freeze), answers
    with capsys.disabled():
        seconds = time.monotonic() - begin
        print(
            f"\n{len(catalogue.names())} backbones x {len(STRATEGIES)} strategies: "
            f"{rendered} rendered, {len(refused)} refused ({', '.join(refused)}), {seconds:.0f} s"
        )


def sound(answers: Answers) -> bool:
    """Render, and look whether what was asked for is what there is."""
    with tempfile.TemporaryDirectory() as folder:
        project = render(answers, Path(folder) / "demo")
        for path in text_files(project.path):
            if path.suffix == ".py":
                ast.parse(path.read_text(encoding="utf-8"))
        config = project.config
        network = catalogue.backbone(answers["backbone"])
        assert config["backbone"]["name"] == network.name
        assert list(config["backbone"]["blocks"]) == [block.name for block in network.blocks]
        assert project.recorded["freeze"] == answers["freeze"]
        assert [stage["name"] for stage in config["stage"]][0] == (
            "all" if answers["freeze"] == "none" else "head"
        )
        tomllib.loads(project.read("pyproject.toml"))
    return True


@pytest.mark.medium
@pytest.mark.parametrize("freeze", STRATEGIES)
@pytest.mark.parametrize("backbone", ["tiny", "ResNet50", "custom"])
def test_the_answers_in_a_project_make_it_again(
    backbone: str, freeze: str, model: Path, rendered: Rendered, tmp_path: Path
) -> None:
    answers = dict(strategy(freeze, backbone))
    if backbone == "custom":
        answers["weights"] = str(model)
    first = rendered(**answers)
    again = render(first.recorded, tmp_path / first.path.name)
    assert tree(again.path) == tree(first.path)


def own_tests() -> list[pytest.param]:  # type: ignore[valid-type]
    """The bundled network with every strategy and policy; three of them in the ordinary run."""
    ordinary = {("staged", "frozen"), ("norm", "train"), ("filters", "adapt")}
    policies = BY_KEY["batch_norm"].choices
    return [
        pytest.param(freeze, policy, marks=marks, id=f"{freeze}-{policy}")
        for freeze, policy in itertools.product(STRATEGIES, policies)
        if freeze != "norm" or policy == "train"
        for marks in [[pytest.mark.medium if (freeze, policy) in ordinary else pytest.mark.slow]]
    ]


@pytest.mark.parametrize(("freeze", "policy"), own_tests())
def test_a_project_passes_its_own_tests(freeze: str, policy: str, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="this environment is for the generator alone")
    project = render({**strategy(freeze), "batch_norm": policy}, tmp_path / "demo")
    done = project.run("-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["VGG16", "EfficientNetV2B0", "MobileNetV3Small", "custom"])
def test_a_project_on_another_backbone_passes_its_own_tests(
    backbone: str, model: Path, tmp_path: Path
) -> None:
    pytest.importorskip("tensorflow", reason="this environment is for the generator alone")
    answers: Answers = {"backbone": backbone, "freeze": "top"}
    if backbone == "custom":
        answers = {**answers, "weights": str(model)}
    project = render(answers, tmp_path / "demo")
    done = project.run("-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_a_project_needs_nothing_but_what_it_names(tmp_path: Path) -> None:
    """In an environment that is made from the project's own pyproject.toml; needs an index."""
    project = render({"kits": ["cache", "report"]}, tmp_path / "demo")
    project.run("-m", "venv", str(tmp_path / "env"))
    python = tmp_path / "env/bin/python"
    install = [python, "-m", "pip", "install", "--quiet", "--editable", ".[dev]"]
    from support import run

    run(install, project.path, check=True)
    done = run([python, "-m", "pytest", "-q"], project.path)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
