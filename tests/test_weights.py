"""Weights from a file make the same network as weights that Keras downloads."""

from __future__ import annotations

import sys

import pytest

from conftest import Rendered
from support import needs_tensorflow, run

# Keras builds EfficientNet V1 with one more layer when it downloads the weights itself, and
# without it when they come from a file. The download is replaced; the graph is the real one.
SCRIPT = """
from pathlib import Path

import keras
import numpy as np

from keras.src.utils import file_utils
from demo.config import Backbone
from demo.model.backbone import build

pixels = np.random.default_rng(0).uniform(0, 255, (2, 64, 64, 3)).astype("float32")
settings = Backbone(name="EfficientNetB0", weights="none", batch_norm="frozen", blocks={"stem": 0})
donor = build(settings, 64)
for layer in donor.layers:
    if isinstance(layer, keras.layers.Normalization):
        mean, variance = np.array([0.485, 0.456, 0.406]), np.array([0.05, 0.06, 0.07])
        layer.set_weights([mean, variance, np.array(1)])
donor.save_weights("file.weights.h5")
file_utils.get_file = lambda *arguments, **options: "file.weights.h5"
downloaded = build(settings.model_copy(update={"weights": "imagenet"}), 64)
from_file = build(settings.model_copy(update={"weights": "file.weights.h5"}), 64)
assert len(downloaded.layers) == len(from_file.layers) + 1
expected, found, uncorrected = (
    network(pixels, training=False).numpy() for network in (downloaded, from_file, donor)
)
scale = np.abs(expected).max()
assert np.abs(found - expected).max() < 1e-4 * scale
Path("difference").write_text(str(float(np.abs(uncorrected - expected).max() / scale)))
"""


@needs_tensorflow
@pytest.mark.medium
def test_efficientnet_from_a_file_is_the_pretrained_network(rendered: Rendered) -> None:
    project = rendered(
        backbone="EfficientNetB0", weights="none", allow_random=True, sample_data=False, kits=[]
    )
    command = [sys.executable, "-c", SCRIPT]
    done = run(command, project.path, PYTHONPATH="src", CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 0, done.stderr[-2000:]
    # Without the correction the outputs would be visibly others: the test can fail.
    assert float(project.read("difference")) > 0.1
