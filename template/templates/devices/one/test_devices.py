"""Devices and precision are what config.toml says, or the reason why not is a sentence."""

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import keras
import pytest
import tensorflow as tf
from helpers.small import small_network_of

from {{ cookiecutter.package }}.config import Config, ConfigError, Devices
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.freezing.freezer import Freezer
from {{ cookiecutter.package }}.training import devices, schedule


@dataclass
class Machine:
    """GPUs of these compute capabilities, and what was asked of TensorFlow about them."""

    capabilities: list[tuple[int, int]]
    visible: list[Any] = field(default_factory=list)
    growing: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gpus = [f"GPU {number}" for number in range(len(self.capabilities))]

    def show(self, chosen: list[Any], kind: str) -> None:
        self.visible = chosen

    def details(self, gpu: str) -> dict[str, Any]:
        capability = self.capabilities[self.gpus.index(gpu)]
        return {"device_name": "Some GPU", "compute_capability": capability}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Two GPUs; `setup` leaves no trace in the other tests."""
    made = Machine([(8, 0), (7, 5)])
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: made.gpus)
    monkeypatch.setattr(tf.config, "set_visible_devices", made.show)
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: made.visible)
    quiet = SimpleNamespace(
        get_device_details=made.details,
        set_memory_growth=lambda gpu, on: made.growing.append(gpu),
        enable_op_determinism=lambda: None,
    )
    monkeypatch.setattr(tf.config, "experimental", quiet)
    monkeypatch.setattr(keras.mixed_precision, "set_dtype_policy", lambda name: None)
    return made


def test_the_first_gpu_is_used_and_its_memory_grows(machine: Machine) -> None:
    assert devices.open_devices(Devices()) == "GPU 0"
    assert machine.visible == machine.growing == ["GPU 0"]
    assert devices.open_devices(Devices(device="cpu")) is None
    assert machine.visible == []


def test_a_gpu_that_is_not_there_is_an_error(machine: Machine) -> None:
    machine.gpus = []
    assert devices.open_devices(Devices()) is None
    with pytest.raises(ConfigError, match=r"TensorFlow sees none.*nvidia-smi"):
        devices.open_devices(Devices(device="gpu"))


@pytest.mark.parametrize(
    ("capability", "precision"),
    [
        (None, "float32"),
        ((6, 1), "float32"),
        ((7, 0), "mixed_float16"),
        ((8, 0), "mixed_bfloat16"),
        ((9, 0), "mixed_bfloat16"),
    ],
)
def test_the_gpu_decides_the_precision(
    machine: Machine, capability: tuple[int, int] | None, precision: str
) -> None:
    machine.capabilities[0] = capability or (0, 0)
    gpu = machine.gpus[0] if capability else None
    assert devices.choose_precision("auto", gpu) == precision
    assert devices.choose_precision("float32", gpu) == "float32"


def test_one_table_says_what_was_chosen(machine: Machine, config: Config) -> None:
    training = config.training.model_copy(update={"deterministic": False})
    update = {"training": training, "devices": Devices()}
    table = devices.setup(config.model_copy(update=update))
    rows = dict(line.split(maxsplit=1) for line in table.splitlines())
    assert rows["device"] == "Some GPU"
    assert rows["precision"] == "mixed_bfloat16"
    assert rows["order"] == "not deterministic"


def test_a_gpu_that_is_not_used_is_not_compiled_for(machine: Machine) -> None:
    devices.open_devices(Devices())
    assert devices.jit_compile(Devices()) == "auto"
    devices.open_devices(Devices(device="cpu"))
    assert devices.jit_compile(Devices()) is False


{% include "devices/_shared/test_on_gpu.py" %}
