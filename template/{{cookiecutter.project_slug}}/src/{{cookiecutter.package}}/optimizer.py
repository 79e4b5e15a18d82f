"""A fresh optimizer for each stage, with a learning rate of its own for each block.

Keras' optimizers know one rate. The mix-in below multiplies it per variable inside the update
step, so that momentum, weight decay, loss scaling and schedules go on working; scaling gradients
instead would change nothing under Adam, which divides by their size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from .config import Stage, Training
from .freezing import Frost
from .model import Network


class Layerwise(keras.optimizers.Optimizer):
    """Multiplies the learning rate of single variables, which are named by their paths."""

    def __init__(self, *args: Any, rates: Mapping[str, float] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rates = dict(rates or {})
        self._factors: list[float] = []

    def build(self, variables: list[keras.Variable]) -> None:
        if not self.built:
            self._factors = [self.rates.get(variable.path, 1.0) for variable in variables]
        super().build(variables)

    def _apply_weight_decay(self, variables: list[keras.Variable]) -> None:
        """Decay belongs to the update step here, where it meets the variable's own rate."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        rate = learning_rate * self._factors[self._get_variable_index(variable)]
        if self.weight_decay and self._use_weight_decay(variable):
            decay = ops.cast(self.weight_decay * rate, variable.dtype)
            self.assign_sub(variable, variable * decay)
        super().update_step(gradient, variable, rate)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rates": self.rates}


@keras.saving.register_keras_serializable("layerwise")
class LayerwiseSGD(Layerwise, keras.optimizers.SGD):
    """Gradient descent with momentum."""


@keras.saving.register_keras_serializable("layerwise")
class LayerwiseAdam(Layerwise, keras.optimizers.Adam):
    """Adam."""


@keras.saving.register_keras_serializable("layerwise")
class LayerwiseAdamW(Layerwise, keras.optimizers.AdamW):
    """Adam with decoupled weight decay."""


def build(
    network: Network, frost: Frost, stage: Stage, training: Training, steps: int
) -> keras.optimizers.Optimizer:
    """The optimizer of one stage, for so many batches an epoch."""
    rate = learning_rate(stage, steps * stage.epochs)
    rates = block_rates(network, stage.block_decay)
    if training.optimizer == "sgd":
        return LayerwiseSGD(
            rate, momentum=0.9, weight_decay=training.weight_decay or None, rates=rates
        )
    if training.optimizer == "adam":
        return LayerwiseAdam(rate, rates=rates)
    return LayerwiseAdamW(rate, weight_decay=training.weight_decay, rates=rates)


def learning_rate(stage: Stage, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """The stage's rate over its batches: a warm-up, then constant or falling along a cosine."""
    warmup = round(stage.warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else stage.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=1.0 if stage.decay == "constant" else 0.0,
        warmup_target=stage.learning_rate if warmup else None,
        warmup_steps=warmup,
    )


def block_rates(network: Network, block_decay: float) -> dict[str, float]:
    """The factor of each variable: the head learns at full rate, each block below it slower."""
    if block_decay == 1.0:
        return {}
    blocks = list(dict.fromkeys(leaf.block for leaf in network.leaves))
    factors = {block: block_decay**depth for depth, block in enumerate(reversed(blocks), 1)}
    return {
        variable.path: factors[leaf.block]
        for leaf, layer in zip(network.leaves, network.layers, strict=True)
        for variable in layer.trainable_variables
    }
