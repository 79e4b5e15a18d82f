"""What the tests share: settings cut down to a small network, and a few made images.

TensorFlow is imported inside: the process that only hands out the tests should not wait for it.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

# TensorFlow would take a GPU's whole memory, and other processes of pytest want some of it.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

if TYPE_CHECKING:
    from {{ cookiecutter.package }}.config import Config
    from {{ cookiecutter.package }}.examples import Examples, Splits
    from {{ cookiecutter.package }}.freezing.freezer import Freezer
    from {{ cookiecutter.package }}.model.network import Network

PROJECT = Path(__file__).parents[1]
# What a stage of the project's own passes on to the cut-down one; a key of a kit does not count.
KEPT = {"name", "learning_rate", "decay", "warmup", "block_decay", "patience", "augment"}


@pytest.fixture(scope="session", autouse=True)
def ready() -> None:
    """TensorFlow is set up before anything runs on it."""
    import helpers.small  # noqa: F401


@pytest.fixture(scope="session")
def project() -> Config:
    """The project's own config.toml."""
    from {{ cookiecutter.package }}.config import load

    return load(PROJECT / "config.toml")


@pytest.fixture(scope="session")
def real(project: Config) -> Network:
    """The backbone of config.toml; one that Keras has gets random weights instead of a download."""
    from helpers.made import MEANING

    from {{ cookiecutter.package }}.examples import Meaning
    from {{ cookiecutter.package }}.model.network import build

    own = project.backbone.name == "custom"
    random = {} if own else {"weights": "none", "allow_random": True}
    settings = project.backbone.model_copy(update=random)
    meaning = Meaning(MEANING.names)  # as before the data are known: a kept head need not fit
    return build(project.model_copy(update={"backbone": settings}), meaning)


@pytest.fixture
def network(config: Config) -> Network:
    """A fresh small network with a head of its own."""
    from helpers.small import small_network_of

    return small_network_of(config)


@pytest.fixture
def freezer(network: Network, config: Config) -> Freezer:
    """A freezer of the fresh small network."""
    from {{ cookiecutter.package }}.freezing.freezer import Freezer

    return Freezer(network, config.backbone.batch_norm)


@pytest.fixture(scope="session")
def config(project: Config) -> Config:
    """The project's settings, cut down to the small network and two epochs a stage.

    Stages that choose layers by name or position get the last block instead: those are the real
    backbone's, which the fixture `real` builds.
    """
    from helpers.made import MEANING, SIZE
    from helpers.small import known_or_last, small_backbone

    from {{ cookiecutter.package }}.config import Stage
    from {{ cookiecutter.package }}.model.network import attach_head

    names = list(project.backbone.blocks) or ["block1", "block2", "block3"]
    blocks: dict[str, int | str] = {name: f"{name}_conv" for name in names}
    blocks[names[0]] = 0
    plain = {"blocks": blocks, "weights": "none", "keep_head": False, "allow_random": True}
    backbone = project.backbone.model_copy(update=plain)
    data = project.data.model_copy(update={"image_size": SIZE, "batch_size": 4})
    head = project.head.model_copy(update={"classes": MEANING.names, "outputs": 0})
    devices = project.devices.model_copy(update={"precision": "float32"})
    parts = {"backbone": backbone, "data": data, "devices": devices, "head": head}
    small = project.model_copy(update=parts)
    network = attach_head(small_backbone(names), small, MEANING)
    stages = tuple(
        Stage(**stage.model_dump(include=KEPT), epochs=2, train=known_or_last(stage.train, network))
        for stage in project.stage
    )
    return small.model_copy(update={"stage": stages})


@pytest.fixture(scope="session")
def quick(config: Config) -> Config:
    """Two blocks and plain gradient descent, for tests of what goes on around the training.

    Most of a test's time is the tracing of the optimizer's update of each variable.
    """
    blocks = dict(list(config.backbone.blocks.items())[:2])
    backbone = config.backbone.model_copy(update={"blocks": blocks})
    training = config.training.model_copy(update={"optimizer": "sgd"})
    first = config.stage[0].model_copy(update={"name": "head", "train": ()})
    last = config.stage[-1].model_copy(update={"name": "last", "train": ("block:-1",)})
    update = {"backbone": backbone, "training": training, "stage": (first, last)}
    return config.model_copy(update=update)


@pytest.fixture(scope="session")
def splits(tmp_path_factory: pytest.TempPathFactory) -> Splits:
    """A few made images in each split."""
    from helpers.made import MEANING, make_images

    from {{ cookiecutter.package }}.examples import Splits

    folder = tmp_path_factory.mktemp("images")

    def part(name: str) -> Examples:
        made = make_images(folder / name, 8)
        contents = [Path(file).read_bytes() for file in made.files]
        return replace(made, digests=tuple(hashlib.sha256(x).hexdigest() for x in contents))

    return Splits(MEANING, part("a"), part("b"), part("c"))
