"""The layer graph: where it can be cut, and where the frozen part of it ends."""

from collections.abc import Collection
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Cut:
    """A place where a single tensor carries everything from the input to the output."""

    tensor: keras.KerasTensor
    before: tuple[keras.Operation, ...]  # what runs up to here, in order

    @property
    def name(self) -> str:
        return str(self.before[-1].name)

    @property
    def layers(self) -> list[keras.Layer]:
        """The layers among the operations; a bare addition, say, is none."""
        return [done for done in self.before if isinstance(done, keras.Layer)]


def cut_points(model: keras.Model) -> list[Cut]:
    """Every cut of a functional model, from input to output.

    Residual and concatenating branches keep several tensors alive, so no cut falls inside them.
    """
    depths = sorted(model._nodes_by_depth, reverse=True)
    order = [node for depth in depths for node in model._nodes_by_depth[depth]]
    last_use = {id(tensor): len(order) for tensor in model.outputs}
    for step, node in enumerate(order):
        for tensor in node.input_tensors:
            last_use[id(tensor)] = max(step, last_use.get(id(tensor), 0))
    alive: dict[int, keras.KerasTensor] = {}
    cuts: list[Cut] = []
    for step, node in enumerate(order):
        alive |= {id(tensor): tensor for tensor in node.outputs}
        alive = {key: tensor for key, tensor in alive.items() if last_use.get(key, -1) > step}
        if len(alive) == 1 and any(tensor is node.outputs[0] for tensor in alive.values()):
            cuts.append(Cut(node.outputs[0], tuple(done.operation for done in order[: step + 1])))
    return cuts


def frost_line(model: keras.Model, moving: Collection[keras.Variable]) -> Cut | None:
    """The latest cut before which nothing changes, and nothing is random, while training."""
    changing = {id(variable) for variable in moving}
    line = None
    for cut in cut_points(model):
        if any(id(variable) in changing for layer in cut.layers for variable in layer.variables):
            break
        if any(is_random(layer) for layer in cut.layers):
            break
        line = cut
    return line


def noise(layer: keras.Layer) -> list[tuple[keras.Layer, str, float]]:
    """What a layer, or a part of it, does at random while training: whose attribute, how strong."""
    return [
        (part, name, getattr(part, name))
        for part in layer._flatten_layers()
        for name in ("rate", "stddev")  # of dropouts, of Gaussian noise
        if getattr(part, name, 0.0)
    ]


def is_random(layer: keras.Layer) -> bool:
    """Keras' random image layers are augmentation: they stay on, and nothing behind is stored."""
    parts = layer._flatten_layers()
    return bool(noise(layer)) or any(
        isinstance(getattr(part, "generator", None), keras.random.SeedGenerator) for part in parts
    )
