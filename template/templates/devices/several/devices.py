"""What the training runs on: called before anything touches TensorFlow's devices."""

import os
from collections import Counter
from typing import Any

import keras
import tensorflow as tf

from ..config import Config, ConfigError, Devices

BFLOAT16_SINCE = (8, 0)  # compute capability of the first GPUs with fast bfloat16
FLOAT16_SINCE = (7, 0)


def setup(config: Config) -> str:
    """Choose devices, precision and seed, in the order that TensorFlow needs; a table of them."""
    gpus = open_devices(config.devices)
    precision = choose_precision(config.devices.precision, gpus)
    keras.mixed_precision.set_dtype_policy(precision)
    keras.utils.set_random_seed(config.training.seed)
    if config.training.deterministic:
        tf.config.experimental.enable_op_determinism()
    rows = {
        "devices": _names(gpus),
        "memory": _memory(config.devices, gpus),
        "precision": _words(precision),
        "order": "deterministic" if config.training.deterministic else "not deterministic",
        "seed": str(config.training.seed),
    }
    return "\n".join(f"  {name:<11}{text}" for name, text in rows.items())


def open_devices(devices: Devices) -> list[Any]:
    """The GPUs to use, with their memory as config.toml says; none where it is to be the CPU."""
    if devices.async_allocator:  # read once, when TensorFlow first opens a GPU
        os.environ["TF_GPU_ALLOCATOR"] = "cuda_malloc_async"
    if devices.threads:
        tf.config.threading.set_intra_op_parallelism_threads(devices.threads)
    gpus = _choose(devices, tf.config.list_physical_devices("GPU"))
    tf.config.set_visible_devices(gpus, "GPU")
    for gpu in gpus:
        if devices.memory_limit_mb:
            limit = tf.config.LogicalDeviceConfiguration(memory_limit=devices.memory_limit_mb)
            tf.config.set_logical_device_configuration(gpu, [limit])
        else:  # leave memory to others until it is needed
            tf.config.experimental.set_memory_growth(gpu, True)
    return gpus


def stay_on_cpu() -> None:
    """For work that a GPU would not speed up: its memory is left to others."""
    tf.config.set_visible_devices([], "GPU")


def _choose(devices: Devices, found: list[Any]) -> list[Any]:
    """A GPU that is asked for and not there is an error: the CPU would take days in silence."""
    if devices.device == "cpu":
        return []
    if not found and (devices.device == "gpu" or devices.gpus):
        raise ConfigError(
            "config.toml asks for a GPU, but TensorFlow sees none. Check `nvidia-smi`, install "
            '`tensorflow[and-cuda]`, or set device = "auto" and gpus = [] in [devices]'
        )
    if beyond := [number for number in devices.gpus if number >= len(found)]:
        raise ConfigError(
            f"config.toml asks for GPU {beyond[0]}, but there are {len(found)}, numbered from 0; "
            "see gpus in [devices]"
        )
    return [found[number] for number in devices.gpus] or found


def choose_precision(wanted: str, gpus: list[Any]) -> str:
    """Mixed precision where every GPU is fast at it; a CPU is slower with it."""
    if wanted != "auto":
        return wanted
    weakest = min((_details(gpu)[1] for gpu in gpus), default=(0, 0))
    if weakest >= BFLOAT16_SINCE:
        return "mixed_bfloat16"
    return "mixed_float16" if weakest >= FLOAT16_SINCE else "float32"


def _details(gpu: Any) -> tuple[str, tuple[int, int]]:
    """The name and the compute capability."""
    details = tf.config.experimental.get_device_details(gpu)
    return details.get("device_name", "GPU"), details.get("compute_capability", (0, 0))


def _names(gpus: list[Any]) -> str:
    if not gpus:
        seen = "not used" if tf.config.list_physical_devices("GPU") else "none is seen"
        return f"CPU, {os.cpu_count()} cores; GPU: {seen}"
    counts = Counter(_details(gpu) for gpu in gpus)
    return ", ".join(
        f"{count} x {name} (compute capability {major}.{minor})"
        for (name, (major, minor)), count in counts.items()
    )


def _memory(devices: Devices, gpus: list[Any]) -> str:
    if not gpus:
        return "as needed"
    limit = devices.memory_limit_mb
    taken = f"at most {limit:,} MB of each GPU" if limit else "of the GPU, as needed"
    return f"{taken}, allocated asynchronously" if devices.async_allocator else taken


def _words(precision: str) -> str:
    if precision == "float32":
        return precision
    scaled = ", loss scaled" if precision == "mixed_float16" else ""
    return f"{precision}: weights and the last layer in float32{scaled}"


def jit_compile(devices: Devices) -> bool | str:
    """For `compile`: "auto" would count a GPU that exists but is not used here."""
    if devices.xla == "auto":
        return "auto" if tf.config.get_visible_devices("GPU") else False
    return devices.xla == "on"
