"""What the tests share: settings cut down to a small network, and a few made images.

TensorFlow is imported inside: the process that only hands out the tests should not wait for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

if TYPE_CHECKING:
    from {{ cookiecutter.package }}.config import Config
    from {{ cookiecutter.package }}.examples import Splits
    from {{ cookiecutter.package }}.model import Network

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def ready() -> None:
    """TensorFlow is set up before anything runs on it."""
    import small  # noqa: F401


@pytest.fixture(scope="session")
def project() -> Config:
    """The project's own config.toml."""
    from {{ cookiecutter.package }}.config import load

    return load(PROJECT / "config.toml")


@pytest.fixture
def network(config: Config) -> Network:
    """A fresh small network with a head of its own."""
    from small import small_network_of

    return small_network_of(config)


@pytest.fixture(scope="session")
def config(project: Config) -> Config:
    """The project's settings, cut down to the small network and two epochs a stage.

    Stages that choose layers by name or position get the last block instead, and none hold
    filters: those are the real backbone's, which tests/test_backbone.py looks at.
    """
    from made import MEANING, SIZE
    from small import known_or_last, small_backbone

    from {{ cookiecutter.package }}.model import attach_head

    names = list(project.backbone.blocks) or ["block1", "block2", "block3"]
    blocks: dict[str, int | str] = {name: f"{name}_conv" for name in names}
    blocks[names[0]] = 0
    plain = {"blocks": blocks, "weights": "none", "keep_head": False}
    backbone = project.backbone.model_copy(update=plain)
    data = project.data.model_copy(update={"image_size": SIZE, "batch_size": 4})
    head = project.head.model_copy(update={"classes": MEANING.names, "outputs": 0})
    devices = project.devices.model_copy(update={"precision": "float32"})
    parts = {"backbone": backbone, "data": data, "devices": devices, "head": head}
    small = project.model_copy(update=parts)
    network = attach_head(small_backbone(names), small, MEANING)
    stages = tuple(
        stage.model_copy(
            update={"epochs": 2, "train": known_or_last(stage.train, network), "keep_filters": ()}
        )
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
    from made import MEANING, make_images

    from {{ cookiecutter.package }}.examples import Splits

    folder = tmp_path_factory.mktemp("images")
    train, validation, test = (make_images(folder / name, 8) for name in ("a", "b", "c"))
    return Splits(MEANING, train, validation, test)
