"""Which devices train together: one, all of this machine, or those of several machines."""

from __future__ import annotations

import os

import tensorflow as tf

from . import workers
from .config import Config, ConfigError, Devices
from .kits import kits


def choose(devices: Devices) -> tf.distribute.Strategy:
    """How the work is divided; called once the devices are set."""
    if devices.strategy in ("auto", "workers"):
        finders = [kit.strategy for kit in kits() if kit.strategy]
        for found in (find() for find in finders):
            if found:
                return found
        if devices.strategy == "workers" or ("TF_CONFIG" in os.environ and not finders):
            raise ConfigError(
                "training on several machines takes the kit `distribute`, and a scheduler that "
                'tells each process of the others; or set strategy = "one" in [devices] of '
                "config.toml and unset TF_CONFIG"
            )
    kind = "GPU" if tf.config.get_visible_devices("GPU") else "CPU"
    here = [device.name for device in tf.config.list_logical_devices(kind)]
    several = kind == "GPU" and len(here) > 1
    if devices.strategy == "mirrored" or (devices.strategy == "auto" and several):
        return tf.distribute.MirroredStrategy(here)
    return tf.distribute.get_strategy()


def describe(strategy: tf.distribute.Strategy) -> str:
    """The strategy in words."""
    with strategy.scope():
        team = workers.team()
    if team.workers > 1:
        return f"worker {team.worker} of {team.workers}, with {team.replicas} devices in all"
    return f"mirrored on {team.replicas} devices" if team.replicas > 1 else "one device"


def describe_batch(config: Config, strategy: tf.distribute.Strategy) -> str:
    """How many images a step sees."""
    size, count = config.data.batch_size, strategy.num_replicas_in_sync
    if config.devices.batch == "each":
        return f"{size} on each of {count} = {size * count}" if count > 1 else str(size)
    return f"{size} shared by {count}" if count > 1 else str(size)


def alone(config: Config) -> Config:
    """The settings for short runs that are compared: on one device, however many there are."""
    devices = config.devices.model_copy(update={"strategy": "one"})
    return config.model_copy(update={"devices": devices})


def scaled(config: Config) -> Config:
    """The settings with the batch of all devices, and with the rates that go with it."""
    count = workers.team().replicas
    if config.devices.batch == "whole" or count == 1:
        return config
    factor = {"none": 1.0, "linear": float(count), "sqrt": count**0.5}[config.devices.scale_rate]
    data = config.data.model_copy(update={"batch_size": config.data.batch_size * count})
    stages = tuple(
        stage.model_copy(update={"learning_rate": stage.learning_rate * factor})
        for stage in config.stage
    )
    return config.model_copy(update={"data": data, "stage": stages})
