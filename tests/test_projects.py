"""Every combination makes a project, and what was asked for is what there is."""

from __future__ import annotations

import ast
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Rendered
from frostline.backbones import catalogue, own_model
from frostline.errors import UserError
from support import (
    OWN_MODEL,
    STRATEGIES,
    Answers,
    needs_tensorflow,
    render,
    run,
    strategy,
    text_files,
    tree,
)

Record = Callable[[str, object], None]


def cannot_be_had(backbone: str, freeze: str) -> bool:
    """The one thing that cannot be had: normalisation layers where there are none."""
    network = catalogue.backbone(backbone)
    return freeze == "norm" and backbone != "custom" and not network.norm_layers


@pytest.mark.medium
def test_every_backbone_with_every_strategy(model: Path, record_property: Record) -> None:
    begin, refused, rendered = time.monotonic(), [], 0
    for backbone in catalogue.names():
        own = {"weights": str(model)} if backbone == "custom" else {}
        code = set()
        for freeze in STRATEGIES:
            if cannot_be_had(backbone, freeze):
                with pytest.raises(UserError, match=backbone):
                    look_at(strategy(freeze, backbone))
                refused.append(f"{backbone} {freeze}")
            else:
                code.add(look_at({**strategy(freeze, backbone), **own, "kits": ["filters"]}))
                rendered += 1
        assert len(code) == 1, f"{backbone}: strategies differ in more than config.toml says"
    record_property(
        "figures",
        f"{len(catalogue.names())} backbones x {len(STRATEGIES)} strategies: {rendered} projects, "
        f"{len(refused)} refused ({', '.join(refused)}), {time.monotonic() - begin:.0f} s",
    )


def look_at(answers: Answers) -> str:
    """Whether what was asked for is what there is; returns all of it that no strategy changes."""
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
        first = "all" if answers["freeze"] == "none" else "head"
        assert config["stage"][0]["name"] == first
        tomllib.loads(project.read("pyproject.toml"))
        files = tree(project.path)
        for name in ("config.toml", ".frostline.toml", "README.md"):
            del files[name]
        return repr(sorted(files.items()))


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


INSIDE = """
import sys
from pathlib import Path

import keras
import numpy as np
from demo.config import load
from demo.examples import Meaning
from demo.freezing.layers import by_block, freezable
from demo.model.network import build

network = build(load(Path("config.toml")), Meaning(("a", "b")))
image = np.random.default_rng(0).uniform(0, 255, (2, 32, 32, 3))
print(np.array_equal(network.model(image), keras.models.load_model(sys.argv[1])(image)))
print(any(isinstance(layer, keras.Model) for layer in network.model.layers))
print(*(one.leaf.name for one in freezable(network)))
print(*by_block(freezable(network)))
"""


@needs_tensorflow
@pytest.mark.medium
def test_a_model_within_the_model_is_laid_out_flat(tmp_path: Path) -> None:
    """As the Keras guide builds one: its layers are chosen by name, and its blocks are found."""
    file = tmp_path / "own.keras"
    run([sys.executable, "-c", OWN_MODEL, file], tmp_path, check=True)
    answers = {"backbone": "custom", "weights": str(file), "head": "keep", "image_size": 32}
    answers |= {"freeze": "layers", "layers": ["second", "norm"], "classes": ["a", "b"]}
    project = render({**answers, "sample_data": False, "kits": []}, tmp_path / "demo")
    script = [sys.executable, "-c", INSIDE, file]
    done = run(script, project.path, check=True, PYTHONPATH="src")
    same, nested, names, blocks = done.stdout.splitlines()[-4:]
    assert (same, nested) == ("True", "False")
    assert names.split() == [str(leaf.name) for leaf in own_model.leaves(str(file), whole=True)]
    assert {"stem", "second", "relu", "answer"} < set(names.split())
    assert blocks.split() == ["block1", "block2", "head"]
