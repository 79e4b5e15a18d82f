"""For every backbone, the check of the scaling accepts the right one and names each wrong one."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from frostline.backbones import catalogue
from support import needs_tensorflow, render, run

# Weights are made whose first BatchNorm stored what a forward pass of pictures gave it.
SCRIPT = """
import importlib
import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras.applications.imagenet_utils import preprocess_input

SIZE = 96
patches = np.random.default_rng(3).uniform(0, (255, 200, 150), (16, 8, 8, 3))
pixels = np.kron(patches, np.ones((1, SIZE // 8, SIZE // 8, 1))).astype("uint8").astype("float32")
results = {}
for package, name in json.loads(sys.argv[1]).items():
    keras.backend.clear_session()
    config, network, examples, scaling = (
        importlib.import_module(f"{package}.{module}")
        for module in ("config", "model.network", "examples", "kits.check_data.scaling")
    )
    for mode in ("tf", "torch", "caffe"):
        theirs = preprocess_input(pixels.copy(), mode=mode)
        assert np.abs(scaling.scaled(pixels, mode) - theirs).max() < 1e-3
    settings = config.load(Path("..", package, "config.toml"), (f"data.image_size={SIZE}",))
    built = network.build(settings, examples.Meaning(("a", "b")))
    norms = [x for x in built.model.layers if isinstance(x, keras.layers.BatchNormalization)]
    found = {}
    if norms:
        front = keras.Model(built.model.inputs[0], norms[0].input)
        for trained in scaling.SCALINGS:
            as_trained = scaling.unscaled(scaling.scaled(pixels, trained), scaling.WANTED)
            seen = np.asarray(front(as_trained), "float64")
            axes = tuple(x for x in range(4) if x != norms[0].axis % 4)
            norms[0].moving_mean.assign(seen.mean(axes))
            norms[0].moving_variance.assign(seen.var(axes))
            distances = scaling.distances(built, scaling.WANTED, lambda: pixels)
            accepted = not scaling.far(distances, scaling.WANTED)
            found[trained] = [next(iter(distances)), accepted, trained == scaling.WANTED]
    else:
        assert scaling.distances(built, scaling.WANTED, lambda: pixels) == {}
    results[name] = found
    print(name, found, flush=True)
with open("found.json", "w") as file:
    json.dump(results, file)
"""


@needs_tensorflow
@pytest.mark.slow
def test_every_backbone_tells_the_right_scaling_from_the_wrong_ones(tmp_path: Path) -> None:
    names = sorted({*catalogue.names()} - {"custom"})
    packages = {f"b{number:02}": name for number, name in enumerate(names)}
    for package, name in packages.items():
        answers = {"backbone": name, "package": package, "weights": "none", "allow_random": True}
        render({**answers, "sample_data": False, "kits": ["check-data"]}, tmp_path / package)
    source = ":".join(str(tmp_path / package / "src") for package in packages)
    command = [sys.executable, "-c", SCRIPT, json.dumps(packages)]
    done = run(command, tmp_path / "b00", PYTHONPATH=source, CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads((tmp_path / "b00/found.json").read_text())
    without = {name for name, found in results.items() if not found}
    assert without == {name for name in results if name.startswith(("VGG", "ConvNeXt"))}
    for name, found in results.items():
        for trained, (nearest, accepted, right) in found.items():
            assert (nearest, accepted) == (trained, right), name
