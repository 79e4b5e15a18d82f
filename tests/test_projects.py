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
from frostline import catalogue, custom
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
@pytest.mark.usefixtures("compiled_once")
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
                code.add(look_at({**strategy(freeze, backbone), **own}))
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
from demo.model import build

network = build(load(Path("config.toml")), Meaning(("a", "b")))
image = np.random.default_rng(0).uniform(0, 255, (2, 32, 32, 3))
print(np.array_equal(network.model(image), keras.models.load_model(sys.argv[1])(image)))
print(*(leaf.name for leaf in network.leaves))
print(*dict.fromkeys(leaf.block for leaf in network.leaves))
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
    same, names, blocks = done.stdout.splitlines()[-3:]
    assert same == "True"
    assert names.split() == [str(leaf.name) for leaf in custom.leaves(str(file), whole=True)]
    assert {"first", "second", "relu", "answer"} < set(names.split())
    assert blocks.split() == ["block1", "block2", "head"]


SEEDS_MODEL = """
import sys

import keras

layers = keras.layers
convolution = [layers.Conv2D(4, 3, name=f"conv_layer_{number}") for number in (1, 2, 3)]
dense = [layers.Dense(8, "relu", name=f"dense_layer_{number}") for number in (4, 5)]
front = [keras.Input((32, 32, 3)), layers.Rescaling(1 / 255), *convolution, layers.Flatten()]
keras.Sequential([*front, *dense, layers.Dense(1, name="answer")]).save(sys.argv[1])
"""


@needs_tensorflow
@pytest.mark.medium
def test_a_model_of_ones_own_trains_as_it_is_but_for_the_layers_named(tmp_path: Path) -> None:
    """The seeds' third example: a model from an .h5, layers frozen by name, a number to predict."""
    file = tmp_path / "my_complex_model.h5"
    run([sys.executable, "-c", SEEDS_MODEL, file], tmp_path, check=True)
    frozen = ["conv_layer_1", "conv_layer_3", "dense_layer_5"]
    answers = {"backbone": "custom", "weights": str(file), "head": "keep", "image_size": 32}
    answers |= {"freeze": "layers", "layers": [f"!{name}" for name in frozen]}
    answers |= {"task": "regression", "kits": []}
    project = render(answers, tmp_path / "demo")
    config = project.path / "config.toml"
    config.write_text(config.read_text().replace("epochs = 5", "epochs = 1"), encoding="utf-8")
    run([sys.executable, "-m", "demo", "train"], project.path, check=True, PYTHONPATH="src")
    done = run([sys.executable, "-c", MOVED, file], project.path, check=True)
    still, moved = (line.split() for line in done.stdout.splitlines()[-2:])
    assert still == frozen
    assert moved == ["conv_layer_2", "dense_layer_4", "answer"]


MOVED = """
import sys

import keras
import numpy as np

before = keras.models.load_model(sys.argv[1], compile=False)
after = keras.models.load_model("runs/1/model.keras", compile=False)
moved = {
    layer.name: any(
        not np.array_equal(old, new)
        for old, new in zip(layer.get_weights(), after.get_layer(layer.name).get_weights())
    )
    for layer in before.layers
    if layer.weights
}
for flag in (False, True):
    print(*(name for name, yes in moved.items() if yes == flag))
"""
