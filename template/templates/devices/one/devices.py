"""What the training runs on: called before anything touches TensorFlow's devices."""

import os
from typing import Any

import keras
import tensorflow as tf

from ..config import Config, ConfigError, Devices

BFLOAT16_SINCE = (8, 0)  # compute capability of the first GPUs with fast bfloat16
FLOAT16_SINCE = (7, 0)


def setup(config: Config) -> str:
    """Choose device, precision and seed, in the order that TensorFlow needs; a table of them."""
    gpu = open_devices(config.devices)
    precision = choose_precision(config.devices.precision, gpu)
    keras.mixed_precision.set_dtype_policy(precision)
    keras.utils.set_random_seed(config.training.seed)
    if config.training.deterministic:
        tf.config.experimental.enable_op_determinism()
    rows = {
        "device": _details(gpu)[0] if gpu else f"CPU, {os.cpu_count()} cores",
        "precision": precision,
        "order": "deterministic" if config.training.deterministic else "not deterministic",
        "seed": str(config.training.seed),
    }
    return "\n".join(f"  {name:<11}{text}" for name, text in rows.items())


def open_devices(devices: Devices) -> Any | None:
    """The first GPU, whose memory is left to others until it is needed; None for the CPU."""
    found = [] if devices.device == "cpu" else tf.config.list_physical_devices("GPU")
    if not found and devices.device == "gpu":  # the CPU would take days in silence
        raise ConfigError(
            "config.toml asks for a GPU, but TensorFlow sees none. Check `nvidia-smi`, install "
            '`tensorflow[and-cuda]`, or set device = "auto" in [devices]'
        )
    tf.config.set_visible_devices(found[:1], "GPU")
    for gpu in found[:1]:
        tf.config.experimental.set_memory_growth(gpu, True)
    return found[0] if found else None


def stay_on_cpu() -> None:
    """For work that a GPU would not speed up: its memory is left to others."""
    tf.config.set_visible_devices([], "GPU")


def choose_precision(wanted: str, gpu: Any | None) -> str:
    """Mixed precision where the GPU is fast at it; a CPU is slower with it."""
    if wanted != "auto":
        return wanted
    capability = _details(gpu)[1] if gpu else (0, 0)
    if capability >= BFLOAT16_SINCE:
        return "mixed_bfloat16"
    return "mixed_float16" if capability >= FLOAT16_SINCE else "float32"


def _details(gpu: Any) -> tuple[str, tuple[int, int]]:
    """The name and the compute capability."""
    details = tf.config.experimental.get_device_details(gpu)
    return details.get("device_name", "GPU"), details.get("compute_capability", (0, 0))


def jit_compile(devices: Devices) -> bool | str:
    """For `compile`: "auto" would count a GPU that exists but is not used here."""
    return "auto" if tf.config.get_visible_devices("GPU") else False
