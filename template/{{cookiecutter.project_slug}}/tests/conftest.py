"""What the tests train: a small network with the blocks of the real one, on a few made images."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import pytest
import tensorflow as tf
from made import MEANING, SIZE, make_images

from {{ cookiecutter.package }} import config as configuration
from {{ cookiecutter.package }} import model
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.selectors import SelectorError, select

tf.config.experimental.enable_op_determinism()
PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project() -> configuration.Config:
    """The project's own config.toml."""
    return configuration.load(PROJECT / "config.toml")


@pytest.fixture
def network(config: configuration.Config) -> model.Network:
    """A fresh small network with a head of its own."""
    return small_network_of(config)


@pytest.fixture(scope="session")
def config(project: configuration.Config) -> configuration.Config:
    """The project's settings, cut down to the small network and two epochs a stage.

    Stages that choose layers by name or position get the last block instead, and none hold
    filters: those are the real backbone's, which tests/test_backbone.py looks at.
    """
    names = list(project.backbone.blocks) or ["block1", "block2", "block3"]
    blocks: dict[str, int | str] = {name: f"{name}_conv" for name in names}
    blocks[names[0]] = 0
    plain = {"blocks": blocks, "weights": "none", "keep_head": False}
    backbone = project.backbone.model_copy(update=plain)
    data = project.data.model_copy(update={"image_size": SIZE, "batch_size": 4})
    head = project.head.model_copy(update={"classes": MEANING.names, "outputs": 0})
    small = project.model_copy(update={"backbone": backbone, "data": data, "head": head})
    network = model.attach_head(small_backbone(names), small, MEANING)
    stages = tuple(
        stage.model_copy(
            update={"epochs": 2, "train": _known(stage.train, network), "keep_filters": ()}
        )
        for stage in project.stage
    )
    return small.model_copy(update={"stage": stages})


@pytest.fixture(scope="session")
def quick(config: configuration.Config) -> configuration.Config:
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
    folder = tmp_path_factory.mktemp("images")
    train, validation, test = (make_images(folder / name, 8) for name in ("a", "b", "c"))
    return Splits(MEANING, train, validation, test)


def small_network_of(config: configuration.Config) -> model.Network:
    """The same small network every time."""
    keras.utils.set_random_seed(config.training.seed)
    return model.attach_head(small_backbone(list(config.backbone.blocks)), config, MEANING)


def small_backbone(blocks: list[str]) -> keras.Model:
    """A residual unit with BatchNorm and dropout for each block."""
    image = keras.Input((SIZE, SIZE, 3), name="image")
    x = keras.layers.Rescaling(1 / 255, name="preprocess_scale")(image)
    for number, block in enumerate(blocks):
        y = keras.layers.Conv2D(4, 3, padding="same", name=f"{block}_conv")(x)
        y = keras.layers.BatchNormalization(name=f"{block}_bn")(y)
        y = keras.layers.ReLU(name=f"{block}_relu")(y)
        y = keras.layers.Dropout(0.3, name=f"{block}_drop")(y)
        x = keras.layers.Add(name=f"{block}_add")([x, y]) if number else y
    return keras.Model(image, x)


def _known(selectors: tuple[str, ...], network: model.Network) -> tuple[str, ...]:
    try:
        select(network.leaves, selectors, network.name)
    except SelectorError:
        return ("block:-1",)
    return selectors
