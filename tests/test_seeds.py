"""The ten programs of the three documents that this project grew from, as answers files.

Each is rendered and trained for a step in every stage, in this process, so that TensorFlow is
imported once. What moved is compared with what the document says should train. The comments in
the files say what the original does wrong today.
"""

from __future__ import annotations

import importlib
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from frostline.backbones import catalogue
from support import ROOT, Project, copied_as_h5, needs_tensorflow, render

FOLDER = ROOT / "tests" / "seeds"
NAMES = sorted(file.stem for file in FOLDER.glob("*.toml"))
# One step at a small size: the same layers train, in a fraction of the time.
SMALL = {
    "data.image_size": "32",
    "data.batch_size": "4",
    "training.optimizer": '"sgd"',
    "training.deterministic": "false",
}
QUICK = {"frozen_weights_2", "frozen_weights_3"}


def convolutions(backbone: str) -> list[str]:
    """The layers of the backbone that have weights and are no BatchNorm, in order."""
    kinds = ("Conv2D", "DepthwiseConv2D")
    return [str(leaf.name) for leaf in catalogue.leaves(backbone) if leaf.kind in kinds]


def norms(backbone: str) -> list[str]:
    leaves = catalogue.leaves(backbone)
    return [str(leaf.name) for leaf in leaves if leaf.kind == "BatchNormalization"]


NAMED = {"conv1_conv", "conv2_block1_1_conv", "conv2_block1_2_conv"}
# What trains of the backbone in the last stage, head apart.
TRAINS: dict[str, Callable[[], set[str]]] = {
    "frozen_weights_1": set,
    "frozen_weights_2": lambda: {"block5_conv1", "block5_conv2", "block5_conv3"},
    "frozen_weights_3": lambda: {"conv_layer_2", "dense_layer_4", "answer"},
    "unfreezing_model": set,
    "unfreezing_pitfall_1": lambda: set(last_block("MobileNetV2")),
    "unfreezing_pitfall_2": lambda: set(norms("MobileNetV2")),
    "unfreezing_pitfall_3": lambda: {"Conv_1"},
    "freeze_filters_1": set,
    "freeze_filters_2": lambda: set(convolutions("ResNet50")) - NAMED,
    "freeze_filters_3": lambda: set(convolutions("ResNet50")[2:]),
}


def last_block(backbone: str) -> list[str]:
    first = catalogue.backbone(backbone).blocks[-1].start
    inside = {leaf.name for leaf in catalogue.leaves(backbone) if leaf.position >= first}
    return [name for name in convolutions(backbone) if name in inside]


def text(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def of(name: str, where: Path) -> Project:
    """The project of a seed's program, with the settings that its comments ask for."""
    answers: dict[str, Any] = {**tomllib.loads(text(name)), "package": name}
    if answers["backbone"] == "custom":
        answers["weights"] = str(where / answers["weights"])
    project = render(answers, where / name)
    settings = dict(re.findall(r"(?m)^#: (\S+) = (.*)$", text(name)))
    config = changed(project.read("config.toml"), {**settings, **SMALL})
    # The first step of a warm-up moves nothing.
    config = re.sub("learning_rate = .*", "learning_rate = 0.1\nwarmup = 0", config)
    (project.path / "config.toml").write_text(config, encoding="utf-8")
    return project


def changed(config: str, settings: dict[str, str]) -> str:
    """The same text with these keys, each named with its table, set."""
    for key, value in settings.items():
        table, name = key.split(".")
        begin, rest = config.split(f"[{table}]\n")
        body, *after = re.split(r"(?m)^(?=\[)", rest, maxsplit=1)
        line = f"{name} = {value}\n"
        if re.search(rf"(?m)^{name} = ", body):
            body = re.sub(rf"(?m)^{name} = .*\n", line, body)
        else:
            body = line + body
        config = "".join([begin, f"[{table}]\n", body, *after])
    assert tomllib.loads(config)
    return config


def test_there_are_ten_and_each_says_what_is_wrong_today() -> None:
    assert sorted(TRAINS) == NAMES
    assert len(NAMES) == 10
    for name in NAMES:
        assert re.match(r"# Seed [123], .*\n(# .*\n)*# Wrong today: ", text(name)), name


@pytest.mark.parametrize("name", NAMES)
def test_it_renders_what_the_program_does(name: str, tmp_path: Path, model: Path) -> None:
    answers = tomllib.loads(text(name))
    names = {"stem": "conv_layer_1", "stem_norm": "conv_layer_3", "answer": "dense_layer_5"}
    copied_as_h5(model, tmp_path / "my_complex_model.h5", **names)
    project = of(name, tmp_path)
    config, recorded = project.config, project.recorded
    assert {key: recorded[key] for key in ("backbone", "task", "freeze")} == {
        key: answers[key] for key in ("backbone", "task", "freeze")
    }
    assert recorded["image_size"] == answers["image_size"]
    assert config["stage"][-1]["train"] == answers.get("layers", config["stage"][-1]["train"])
    for key, value in re.findall(r"(?m)^#: head\.(\S+) = (.*)$", text(name)):
        assert config["head"][key] == tomllib.loads(f"it = {value}")["it"]


@needs_tensorflow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.medium if name in QUICK else pytest.mark.slow)
        for name in NAMES
    ],
)
def test_what_trains_is_what_the_program_means(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    if given := complex_model() if name == "frozen_weights_3" else None:
        given.save(tmp_path / "my_complex_model.h5")
    project = of(name, tmp_path)
    if not project.has("data/sample.zip"):
        pictures(project)
    monkeypatch.chdir(project.path)
    monkeypatch.syspath_prepend(project.path / "src")

    def module(part: str) -> ModuleType:
        return importlib.import_module(f"{name}.{part}")

    config = module("config").load(Path("config.toml"))
    splits = module("data.load").load(config)
    network = module("model.network").build(config, splits.meaning)
    if given:
        same_layers(given, network.model)
    freezer = module("freezing.freezer").Freezer(network, config.backbone.batch_norm)
    moved: set[str] = set()
    for stage in config.stage:
        before = [weight.numpy() for weight in network.model.weights]
        _, feed = module("training.schedule").prepare(freezer, config, splits, stage)
        feed.model.fit(feed.train, steps_per_epoch=1, shuffle=False, verbose=0)
        changes = zip(network.model.weights, before, strict=True)
        moved = {id(w) for w, old in changes if not np.array_equal(w.numpy(), old)}
    layers = [x.layer for x in freezer.layers if {id(w) for w in x.layer.weights} & moved]
    assert {layer.name for layer in layers} == TRAINS[name]()
    assert moved == {id(w) for layer in (*layers, *network.head) for w in layer.weights}


def complex_model() -> Any:
    """The model that the third program loads, which nobody has."""
    import keras

    layers = keras.layers
    convolution = [layers.Conv2D(4, 3, name=f"conv_layer_{number}") for number in (1, 2, 3)]
    dense = [layers.Dense(8, name=f"dense_layer_{number}") for number in (4, 5)]
    front = [keras.Input((32, 32, 3)), layers.Rescaling(1 / 255), *convolution, layers.Flatten()]
    return keras.Sequential([*front, *dense, layers.Dense(1, name="answer")])


def same_layers(given: Any, model: Any) -> None:
    """The file's own layers to the last, its head too, with the weights that they had there."""
    for old, new in zip(given.layers, model.layers[1:], strict=True):  # no input in a Sequential
        pairs = zip(old.get_weights(), new.get_weights(), strict=True)
        assert old.name == new.name
        assert all((before == after).all() for before, after in pairs), new.name


def pictures(project: Project) -> None:
    """Noise, a folder for each class and split; more of the first class, or no bias would move."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    head, data = project.config["head"], project.config["data"]
    classes = head["classes"] or [f"class{number}" for number in range(head["outputs"])]
    for split in ("train", "validation", "test"):
        for label in classes:
            count = 3 if label == classes[0] else 1
            folder = project.path / data["path"] / split / label
            os.makedirs(folder, exist_ok=True)
            for number in range(count):
                pixels = random.integers(0, 256, (32, 32, 3), dtype="uint8")
                Image.fromarray(pixels).save(folder / f"{number}.png")
