"""What the training runs on: called before anything touches TensorFlow's devices."""

from __future__ import annotations

import keras
import tensorflow as tf

from .config import ConfigError, Training

BFLOAT16_SINCE = (8, 0)  # compute capability of the first GPUs with fast bfloat16
FLOAT16_SINCE = (7, 0)


def setup(training: Training) -> str:
    """Set devices, precision, seed and determinism; a line that says what was chosen."""
    gpus = tf.config.list_physical_devices("GPU")
    if training.device == "gpu" and not gpus:
        raise ConfigError(
            'config.toml asks for device = "gpu", but TensorFlow sees none. Check `nvidia-smi`, '
            'install `tensorflow[and-cuda]`, or set device = "auto" in [training]'
        )
    if training.device == "cpu":
        tf.config.set_visible_devices([], "GPU")
        gpus = []
    for gpu in gpus:  # leave memory to others until it is needed
        tf.config.experimental.set_memory_growth(gpu, True)
    precision = _precision(training.precision, gpus)
    keras.mixed_precision.set_dtype_policy(precision)
    keras.utils.set_random_seed(training.seed)
    if training.deterministic:
        tf.config.experimental.enable_op_determinism()
    names = [tf.config.experimental.get_device_details(gpu).get("device_name") for gpu in gpus]
    device = ", ".join(str(name) for name in names) or "CPU"
    order = "deterministic" if training.deterministic else "not deterministic"
    return f"{device} · {precision} · seed {training.seed}, {order}"


def _precision(wanted: str, gpus: list[tf.config.PhysicalDevice]) -> str:
    """Mixed precision where every GPU is fast at it; a CPU is slower with it."""
    if wanted != "auto":
        return wanted
    details = (tf.config.experimental.get_device_details(gpu) for gpu in gpus)
    weakest = min((d.get("compute_capability", (0, 0)) for d in details), default=(0, 0))
    if weakest >= BFLOAT16_SINCE:
        return "mixed_bfloat16"
    return "mixed_float16" if weakest >= FLOAT16_SINCE else "float32"
