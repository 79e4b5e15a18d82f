"""Predictions of a finished run's model for any images, as CSV or as JSON lines."""

import csv
import glob
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import numpy as np

from ..config import Config, ConfigError
from ..data.check import looks_of
from ..data.files import images_in
from ..examples import Examples, Meaning
from ..training.run import Run
from . import scores
from .evaluate import answers, as_trained, load_model

{% include "task/_shared/rows.py" %}


def predict(run: Run, config: Config, files: list[str]) -> Iterator[Row]:
    """A row for each file, in their order; where one cannot be read, the row says why."""
    model, meaning = load_model(run)
    settings = as_trained(config, run).data
    blank = dict.fromkeys(described(np.zeros(model.output_shape[1:]), meaning), "")
    for start in range(0, len(files), AT_ONCE):
        looks = [look for _, look in looks_of(files[start : start + AT_ONCE])]
        sound = [look for look in looks if not look.problem]
        turns = np.array([look.turn for look in sound], "uint8")
        unknown = np.zeros(len(sound), "int32")
        examples = Examples(tuple(look.file for look in sound), unknown, turns)
        outputs = iter(answers(model, examples, settings)[1] if sound else ())
        for file, look in zip(files[start:], looks, strict=False):
            said = blank if look.problem else described(next(outputs), meaning)
            yield {"file": file, **said, "error": look.problem}


{% include "task/_shared/find.py" %}
