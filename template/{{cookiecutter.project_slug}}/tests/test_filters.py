"""Held filters stay bit for bit as they are while the rest of their layer trains."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from conftest import small_network_of

from {{ cookiecutter.package }} import stages
from {{ cookiecutter.package }}.config import Config, ConfigError, Stage
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.filters import held_filters, masks
from {{ cookiecutter.package }}.freezing import Freezer
from {{ cookiecutter.package }}.model import Network


@pytest.fixture
def layer(network: Network) -> keras.layers.Conv2D:
    """The convolution of the last block."""
    return [x for x in network.layers if isinstance(x, keras.layers.Conv2D)][-1]


@pytest.mark.parametrize(
    ("optimizer", "precision"),
    [("sgd", "float32"), ("adam", "float32"), ("adamw", "float32"), ("adamw", "mixed_float16")],
)
def test_held_filters_do_not_move(
    optimizer: str, precision: str, config: Config, splits: Splits
) -> None:
    """Momentum and weight decay move what a masked gradient would leave alone."""
    keras.mixed_precision.set_dtype_policy(precision)
    try:
        network = small_network_of(config)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    layer = [x for x in network.layers if isinstance(x, keras.layers.Conv2D)][-1]
    training = config.training.model_copy(update={"optimizer": optimizer, "weight_decay": 0.1})
    held = stages_of(config, layer, "0,2-3").model_copy(update={"learning_rate": 0.1})
    changed = config.model_copy(update={"training": training, "stage": (held,)})
    freezer = Freezer(network, "train")
    _, feed = stages.prepare(network, freezer, changed, splits, held)
    kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
    feed.model.fit(feed.train, epochs=2, steps_per_epoch=feed.steps, shuffle=False, verbose=0)
    moved = np.any(kernel != layer.kernel.numpy(), axis=(0, 1, 2))
    assert moved.tolist() == [False, True, False, False]
    assert (bias != layer.bias.numpy()).tolist() == [False, True, False, False]
    after = next(x for x in network.layers if x.name == layer.name.replace("_conv", "_bn"))
    assert not after.trainable, "a BatchNorm behind held filters would rescale them"


def test_the_audit_sees_a_held_filter_that_changed(
    network: Network, layer: keras.layers.Conv2D, config: Config
) -> None:
    frost = Freezer(network, "frozen").freeze(stages_of(config, layer, "1"))
    before = stages.still_digests(frost)
    kernel = layer.kernel.numpy()
    kernel[..., 1] += 1e-6
    layer.kernel.assign(kernel)
    with pytest.raises(RuntimeError, match="held filters"):
        stages.audit(before, {}, frost)


def test_masks_fit_every_kind_of_convolution() -> None:
    image = keras.Input((8, 8, 3))
    for layer, axis in (
        (keras.layers.Conv2D(4, 3), -1),
        (keras.layers.Conv2DTranspose(4, 3), -2),
        (keras.layers.DepthwiseConv2D(3), -2),
    ):
        layer(image)
        kernel = layer.kernel.numpy()
        count = kernel.shape[axis]
        mask = masks(layer, [number == 1 for number in range(count)])[layer.kernel.path]
        expected = np.zeros_like(kernel)
        np.moveaxis(expected, axis, 0)[1] = 1
        assert np.array_equal(np.broadcast_to(mask, kernel.shape), expected)


@pytest.mark.parametrize(
    ("spans", "message"),
    [("0-9", "are 0 to 3"), ("x", "write LAYER:FIRST-LAST"), ("3-1", "are 0 to 3")],
)
def test_wrong_filters_are_named(
    network: Network, layer: keras.layers.Conv2D, spans: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        held_filters(network, [f"{layer.name}:{spans}"])
    with pytest.raises(ConfigError, match="no layer 'nothing'"):
        held_filters(network, ["nothing:0-1"])
    with pytest.raises(ConfigError, match="not a plain convolution"):
        held_filters(network, [layer.name.replace("_conv", "_bn") + ":0"])


def stages_of(config: Config, layer: keras.layers.Conv2D, spans: str) -> Stage:
    """A stage that trains everything but some filters of one layer."""
    return config.stage[-1].model_copy(
        update={"train": ("block:*",), "keep_filters": (f"{layer.name}:{spans}",)}
    )
