"""The peers in `learning.py`: each trains on given pixels and writes what it reached."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fine_tune import fastai
from guide import guide
from probe import probe
from trial import SIZE, Trial, figures

METHODS: dict[str, Callable[[Trial], Callable[[np.ndarray], np.ndarray]]] = {
    "guide": guide,
    "fastai": fastai,
    "probe": probe,
}


def main() -> None:
    order = json.loads(sys.argv[1])
    import keras

    keras.utils.set_random_seed(order["seed"])
    with np.load(order["pixels"]) as file:
        data = {name: file[name] for name in file.files}
    for split in ("train", "validation", "test"):
        if order["task"] == "binary":
            data[f"{split}_y"] = data[f"{split}_y"].reshape(-1, 1)
        elif order["task"] == "segmentation":
            data[f"{split}_y"] = data[f"{split}_y"].reshape(-1, SIZE, SIZE)
    trial = Trial(
        order["task"],
        data,
        order["weights"],
        order["epochs"],
        order["seed"],
        time.perf_counter(),
    )
    predict = METHODS[order["method"]](trial)
    seconds, work = time.perf_counter() - trial.began, time.process_time()
    began = time.perf_counter()
    said = trial.answers(predict(data["test_x"]))
    result = {
        "figures": figures(order["task"], data["test_y"], said, data["names"]),
        "seconds": seconds,
        "judging": time.perf_counter() - began,
        "cpu_seconds": round(work, 2),
        "steps": trial.steps,
        "curve": trial.curve,
    }
    Path(order["out"]).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
