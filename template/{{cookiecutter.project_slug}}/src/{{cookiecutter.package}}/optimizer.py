"""A fresh optimizer for each stage, with a learning rate for each block and with held filters.

Keras' optimizers know one rate and whole variables. The mix-in below works inside the update step,
where momentum, weight decay, loss scaling and schedules meet: scaling gradients instead would
change nothing under Adam, which divides by their size, and masking them leaks through momentum
and weight decay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from .config import Stage, Training
from .freezing import Frost
from .model import Network


class Layerwise(keras.optimizers.Optimizer):
    """Gives single variables a rate of their own and holds parts of them still.

    Both are given by path. Once built they are kept by position, for the paths within a nested
    layer change when a model is saved and loaded, while the order of its variables does not.
    """

    def __init__(
        self,
        *args: Any,
        rates: Mapping[str, float] | list[float] | None = None,
        held: Mapping[str, list[Any]] | list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rates = rates or {}
        self.held = held or {}
        self._masks: list[Any] = []

    def build(self, variables: list[keras.Variable]) -> None:
        if not self.built:
            self.rates = _by_position(self.rates, variables, 1.0)
            self.held = _by_position(self.held, variables, None)
            self._masks = [None if mask is None else np.array(mask) for mask in self.held]
        super().build(variables)

    def _apply_weight_decay(self, variables: list[keras.Variable]) -> None:
        """Decay belongs to the update step here, where it meets the variable's own rate."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        rate, mask = learning_rate * self.rates[index], self._masks[index]
        before = None if mask is None else ops.copy(variable)
        if self.weight_decay and self._use_weight_decay(variable):
            decay = ops.cast(self.weight_decay * rate, variable.dtype)
            self.assign_sub(variable, variable * decay)
        super().update_step(gradient, variable, rate)
        if mask is not None:
            self.assign(variable, ops.where(mask, before, variable))

    def _update_model_variables_moving_average(self, trainable_variables: list[Any]) -> None:
        """The average of what is held is what is held: a mean of equal numbers may be rounded."""
        super()._update_model_variables_moving_average(trainable_variables)
        if self.use_ema:
            averages = self._model_variables_moving_average
            for variable, average, mask in zip(
                trainable_variables, averages, self._masks, strict=True
            ):
                if mask is not None:
                    average.assign(ops.where(mask, variable, average))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rates": self.rates, "held": self.held}


def _by_position(given: Any, variables: list[keras.Variable], default: Any) -> list[Any]:
    """One entry for each variable."""
    if isinstance(given, Mapping):
        return [given.get(variable.path, default) for variable in variables]
    if len(given) != len(variables):
        raise ValueError(
            f"this optimizer was made for {len(given)} variables and is given {len(variables)}; "
            "load the model with compile=False and compile it anew"
        )
    return list(given)


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
    own: dict[str, Any] = {
        "rates": block_rates(network, stage.block_decay),
        "held": {path: mask.tolist() for path, mask in frost.held.items()},
    }
    if training.optimizer == "sgd":
        decay = training.weight_decay or None
        return LayerwiseSGD(rate, momentum=0.9, weight_decay=decay, **own)
    if training.optimizer == "adam":
        return LayerwiseAdam(rate, **own)
    return LayerwiseAdamW(rate, weight_decay=training.weight_decay, **own)


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
