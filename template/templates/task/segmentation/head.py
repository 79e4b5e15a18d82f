"""The head: from feature maps back to the size of the image, with the detail seen earlier.

As in a U-Net: step by step the maps are enlarged and joined with the last ones that the backbone
had at that resolution. The last step is that of the backbone's largest maps, at half the size of
the image as a rule: convolutions at the full size took most of the time, for hardly a better mask.
"""

import math
from collections.abc import Iterator

import keras
from keras import layers

from ..config import ConfigError, Head
from ..examples import Meaning
from .graph import cut_points

WIDTHS = (96, 64, 48, 32)  # most maps after each step, the deepest first
GROUPS = 8
ASIDE = (layers.ZeroPadding2D, layers.Cropping2D)  # their maps lie a little beside the image
MAP_RANK = 4  # batch, height, width, channels


def head(network: keras.Model, settings: Head, meaning: Meaning) -> keras.KerasTensor:
    """New layers from the backbone's feature maps to a probability for each class and pixel."""
    last = keras.layers.Conv2D(
        len(meaning.names), 1, activation="softmax", dtype="float32", name="head_probabilities"
    )
    size = image_size(network)
    return layers.Resizing(size, size, name="head_up_last", dtype="float32")(
        last(decoded(network, settings))
    )


def decoded(network: keras.Model, settings: Head) -> keras.KerasTensor:
    """Maps as large as the backbone has them; `hidden` in [head] sets how many at each step."""
    x = layers.Conv2D(_width(0, network.output, settings), 1, name="head_bottom")(network.output)
    for step, tap in enumerate(taps(network)):
        width = _width(step, tap, settings)
        skip = layers.Conv2D(width, 1, name=f"head_skip_{step + 1}")(tap)
        x = layers.Resizing(*tap.shape[1:3], name=f"head_up_{step + 1}")(x)
        x = layers.Concatenate(name=f"head_join_{step + 1}")([x, skip])
        x = _convolved(x, width, str(step + 1))
    return layers.Dropout(settings.dropout, name="head_dropout")(x)


def taps(network: keras.Model) -> list[keras.KerasTensor]:
    """The last maps of each resolution between the backbone's output and the image, deepest first.

    A resolution is how often the image was halved, for some backbones lose a pixel at a border.
    """
    last = _halvings(network, network.output)
    found = {_halvings(network, tensor): tensor for tensor in _maps(network)}
    return [found[halvings] for halvings in sorted(found, reverse=True) if 0 < halvings < last]


def _maps(network: keras.Model) -> Iterator[keras.KerasTensor]:
    """Maps from the input on; then once more those that carry everything, and no mere branch."""
    depths = sorted(network._nodes_by_depth, reverse=True)
    nodes = [node for depth in depths for node in network._nodes_by_depth[depth]]
    tensors = [tensor for node in nodes for tensor in node.outputs]
    for tensor in [*tensors, *(cut.tensor for cut in cut_points(network))]:
        known = len(tensor.shape) == MAP_RANK and None not in tensor.shape[1:3]
        if known and not isinstance(tensor._keras_history.operation, ASIDE):
            yield tensor


def image_size(network: keras.Model) -> int:
    """Height and width of the images, which the masks share."""
    height, width = network.input_shape[1:3]
    if height is None or height != width:
        raise ConfigError(
            f"for segmentation the backbone must take square images of one size, and it takes "
            f"{height or 'any'} by {width or 'any'} pixels"
        )
    return int(height)


def _width(step: int, tap: keras.KerasTensor, settings: Head) -> int:
    """As many maps as configured, else no more than the backbone had."""
    widths = settings.hidden or tuple(min(width, tap.shape[-1]) for width in WIDTHS)
    return widths[min(step, len(widths) - 1)]


def _halvings(network: keras.Model, tensor: keras.KerasTensor) -> int:
    """How often the image was halved on the way to these maps."""
    return round(math.log2(image_size(network) / tensor.shape[1]))


def _convolved(x: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    """A convolution whose normalisation does not depend on the other images of a batch."""
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"head_conv_{name}")(x)
    x = layers.GroupNormalization(math.gcd(width, GROUPS), name=f"head_norm_{name}")(x)
    return layers.ReLU(name=f"head_relu_{name}")(x)
