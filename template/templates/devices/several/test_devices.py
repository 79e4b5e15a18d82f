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
    limits: dict[Any, int] = field(default_factory=dict)

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
    monkeypatch.setattr(
        tf.config,
        "set_logical_device_configuration",
        lambda gpu, limits: made.limits.update({gpu: limits[0].memory_limit}),
    )
    quiet = SimpleNamespace(
        get_device_details=made.details,
        set_memory_growth=lambda gpu, on: made.growing.append(gpu),
        enable_op_determinism=lambda: None,
    )
    monkeypatch.setattr(tf.config, "experimental", quiet)
    monkeypatch.setattr(keras.mixed_precision, "set_dtype_policy", lambda name: None)
    return made


def test_memory_grows_unless_it_has_a_limit(machine: Machine) -> None:
    assert devices.open_devices(Devices()) == machine.gpus
    assert machine.growing == machine.gpus
    machine.growing = []
    devices.open_devices(Devices(memory_limit_mb=4096))
    assert machine.limits == dict.fromkeys(machine.gpus, 4096)
    assert machine.growing == []


def test_only_the_chosen_gpus_are_used(machine: Machine) -> None:
    assert devices.open_devices(Devices(gpus=(1,))) == ["GPU 1"]
    assert machine.visible == machine.growing == ["GPU 1"]
    assert devices.open_devices(Devices(device="cpu")) == machine.visible == []


@pytest.mark.parametrize(
    ("count", "wanted", "message"),
    [
        (0, {"device": "gpu"}, "TensorFlow sees none.*nvidia-smi"),
        (0, {"gpus": (0,)}, "TensorFlow sees none"),
        (2, {"gpus": (0, 2)}, "GPU 2, but there are 2"),
    ],
)
def test_a_gpu_that_is_not_there_is_an_error(
    machine: Machine, count: int, wanted: dict[str, Any], message: str
) -> None:
    machine.gpus = machine.gpus[:count]
    with pytest.raises(ConfigError, match=message):
        devices.open_devices(Devices(**wanted))


@pytest.mark.parametrize(
    ("capabilities", "precision"),
    [
        ([], "float32"),
        ([(6, 1)], "float32"),
        ([(7, 0)], "mixed_float16"),
        ([(9, 0), (7, 5)], "mixed_float16"),
        ([(8, 0), (9, 0)], "mixed_bfloat16"),
    ],
)
def test_the_weakest_gpu_decides_the_precision(
    machine: Machine, capabilities: list[tuple[int, int]], precision: str
) -> None:
    machine.capabilities = capabilities
    gpus = machine.gpus[: len(capabilities)]
    assert devices.choose_precision("auto", gpus) == precision
    assert devices.choose_precision("float32", gpus) == "float32"


def test_one_table_says_what_was_chosen(machine: Machine, config: Config) -> None:
    machine.gpus = machine.gpus[:1]
    training = config.training.model_copy(update={"deterministic": False})
    update = {"training": training, "devices": Devices(memory_limit_mb=2048)}
    table = devices.setup(config.model_copy(update=update))
    rows = dict(line.split(maxsplit=1) for line in table.splitlines())
    assert rows["devices"] == "1 x Some GPU (compute capability 8.0)"
    assert rows["memory"] == "at most 2,048 MB of each GPU"
    assert rows["precision"].startswith("mixed_bfloat16")
    assert rows["order"] == "not deterministic"


@pytest.mark.parametrize(("wanted", "told"), [("auto", False), ("on", True)])
def test_a_stage_is_compiled_as_config_says(
    wanted: str, told: bool, quick: Config, splits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    really = keras.Model.compile

    def spy(model: keras.Model, **given: Any) -> None:
        seen.append(given.pop("jit_compile"))
        really(model, **given)

    monkeypatch.setattr(keras.Model, "compile", spy)
    config = quick.model_copy(update={"devices": Devices(xla=wanted)})
    freezer = Freezer(small_network_of(config), config.backbone.batch_norm)
    schedule.prepare(freezer, config, splits, config.stage[0])
    assert seen == [told]


{% include "devices/_shared/test_on_gpu.py" %}
