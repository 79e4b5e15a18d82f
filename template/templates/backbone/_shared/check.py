"""Whether pixels arrive as in pretraining: the statistics of the first BatchNorm tell.

A BatchNorm stores the mean and variance of what came in during pretraining. Pictures that are
scaled as then come in with about the same ones; scaled otherwise, nothing fails, and the backbone
sees noise.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
import keras
import numpy as np
import tensorflow as tf

from ...config import Config, ConfigError, Data
from ...data.batches import read_batches
from ...examples import Examples, Splits
from ...model.network import build

WANTED = "{{ cookiecutter._backbones[cookiecutter.backbone].preprocessing }}"  # what the model does with its pixels
ADVICE = "Take weights that were trained as it is built, or those of another backbone"
{% include "backbone/_shared/scaling.py" %}


def check_scaling(config: Config, splits: Splits) -> None:
    """Refuse weights that were trained on pixels of another scaling.

    In a thread of its own, since Keras and TensorFlow keep seeds, names of layers and the scope of
    a strategy by thread: what trains later is the same as without a check.
    """
    if config.backbone.check_scaling:
        state = random.getstate()
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_check, config, splits).result()
        random.setstate(state)


def _check(config: Config, splits: Splits) -> None:
    network = build(config, splits.meaning)
    found = distances(network, WANTED, lambda: pictures(splits.train, config.data))
    check(found, network.name, WANTED, ADVICE)


{% include "backbone/_shared/refuse.py" %}


{% include "backbone/_shared/pictures.py" %}
