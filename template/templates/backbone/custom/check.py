"""Whether a scaling that config.toml names is the one that the model was trained with."""

import random
from concurrent.futures import ThreadPoolExecutor

from ...config import Config, ConfigError
from ...examples import Splits
from ...model.network import build
from ...model.scaling import distances, far
from ...training.pixels import pictures

ADVICE = 'Set preprocessing = "auto" in [backbone] of config.toml to take what fits'


def check_scaling(config: Config, splits: Splits) -> None:
    """Refuse weights that were trained on pixels of another scaling.

    In a thread of its own, since Keras and TensorFlow keep seeds, names of layers and the scope of
    a strategy by thread: what trains later is the same as without a check.
    """
    if config.backbone.check_scaling and config.backbone.preprocessing != "auto":
        state = random.getstate()
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_check, config, splits).result()
        random.setstate(state)


def _check(config: Config, splits: Splits) -> None:
    network, wanted = build(config, splits.meaning), config.backbone.preprocessing
    found = distances(network, wanted, lambda: pictures(splits.train, config.data))
    check(found, network.name, wanted, ADVICE)


{% include "backbone/_shared/refuse.py" %}
