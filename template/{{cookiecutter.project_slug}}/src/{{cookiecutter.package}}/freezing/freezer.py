"""Decide what trains, set it, and verify it: the only place that touches ``trainable``.

Flags are set on leaf layers, one by one and in both directions. Setting a container is not safe:
Keras skips the assignment when the container already holds that value, whatever its layers say.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import keras
import numpy as np

from ..config import ConfigError, Stage
from ..hooks import kits
from ..model.graph import noise
from ..model.network import Network
from .layers import freezable, refuse_random
from .selectors import SelectorError, select


class FreezeError(RuntimeError):
    """The model does not train what the plan says; a fault of the program, never of the user."""


@dataclass(frozen=True)
class Frost:
    """What a stage does to each variable of the model."""

    trainable: tuple[keras.Variable, ...]  # what the optimizer changes
    statistics: tuple[keras.Variable, ...]  # moving mean and variance, updated in the forward pass
    frozen: tuple[keras.Variable, ...]  # what must stay bit-for-bit as it is
    # By path, a mask of the parts of trainable variables that must stay as they are.
    held: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def moving(self) -> tuple[keras.Variable, ...]:
        return self.trainable + self.statistics


class Freezer:
    """Freezes a network for one stage after another."""

    def __init__(self, network: Network, batch_norm: str) -> None:
        self.network = network
        self.batch_norm = batch_norm
        self.layers = freezable(network)
        self._noise = [noise(one.layer) for one in self.layers]  # rates of dropouts, as built
        paths = Counter(variable.path for variable in network.model.weights)
        if twice := [path for path, count in paths.items() if count > 1]:
            raise ConfigError(
                f"two weights of {network.name} are called {twice[0]}, and rates and the audit "
                "tell weights apart by name; give the layers within its models names of their own"
            )

    def freeze(self, stage: Stage) -> Frost:
        """Set every flag for the stage and check that Keras sees the same variables as we do."""
        network, leaves = self.network, [one.leaf for one in self.layers]
        try:
            chosen = select(leaves, stage.train, network.name)
        except SelectorError as problem:
            raise ConfigError(f"[[stage]] '{stage.name}': {problem}") from None
        refuse_random(network, chosen, stage.name)
        trainable: list[keras.Variable] = []
        statistics: list[keras.Variable] = []
        for one, train, sources in zip(self.layers, chosen, self._noise, strict=True):
            if isinstance(one.layer, keras.layers.BatchNormalization):
                learns, follows = self._set_batch_norm(one.layer, train)
                trainable += learns
                statistics += follows
            else:
                trainable += set_layer(one.layer, train)
            for part, name, strength in sources:
                # Frozen layers that drop at random would make the frozen part a moving target.
                setattr(part, name, strength if train else 0.0)
        if (stage.train or not network.head) and not trainable + statistics:
            raise ConfigError(
                f"[[stage]] '{stage.name}': nothing that it chooses can train; the layers have no "
                f"weights, or are BatchNorm, whose policy is '{self.batch_norm}'"
            )
        for layer in network.head:
            trainable += set_layer(layer, True)
        moving = {id(variable) for variable in trainable + statistics}
        frozen = tuple(v for v in network.model.weights if id(v) not in moving)
        frost = Frost(tuple(trainable), tuple(statistics), frozen)
        for kit in kits():
            frost = kit.hold(self, stage, frost) if kit.hold else frost
        verify(network.model, frost)
        return frost

    def _set_batch_norm(
        self, layer: keras.layers.BatchNormalization, train: bool
    ) -> tuple[list[keras.Variable], list[keras.Variable]]:
        """Apply the policy, which wins over a selector: what learns, and what follows the data.

        A BatchNorm whose layer is not trainable uses its stored mean and variance and leaves them
        alone. So to adapt them, the layer must be trainable while its scale and shift are not.
        """
        if self.batch_norm == "frozen" or (self.batch_norm == "train" and not train):
            return set_layer(layer, False), []
        learns = set_layer(layer, True)
        if self.batch_norm == "adapt":
            for variable in learns:
                variable.trainable = False
            learns = []
        return learns, [layer.moving_mean, layer.moving_variance]


def verify(model: keras.Model, frost: Frost) -> None:
    """Compare the variables that Keras would train with those of the plan."""
    planned = {id(v): v.path for v in frost.trainable}
    actual = {id(v): v.path for v in model.trainable_variables}
    missing = [path for key, path in planned.items() if key not in actual]
    extra = [path for key, path in actual.items() if key not in planned]
    if missing or extra:
        raise FreezeError(
            f"the model would not train as planned; missing: {_list(missing)}; "
            f"not planned: {_list(extra)}"
        )


def set_layer(layer: keras.Layer, train: bool) -> list[keras.Variable]:
    """Set one leaf; the variables that train because of it."""
    # False first: flags of single variables from an earlier stage are reset only by a change.
    layer.trainable = False
    layer.trainable = train
    return list(layer.trainable_variables)


def _list(paths: Iterable[str]) -> str:
    return ", ".join(sorted(paths)) or "none"
