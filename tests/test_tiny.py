"""The bundled backbone: small, useful, reproducible, and honest about what it was trained on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from samples import archived, decoded, digest, pictures
from support import ROOT, needs_tensorflow

pytest.importorskip("sklearn")
np = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def backbones(sample: ModuleType) -> ModuleType:
    pytest.importorskip("tensorflow")
    import backbones

    return backbones


@pytest.fixture(scope="module")
def weights(backbones: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled weights, under the name that a project has them."""
    (bundled,) = backbones.PACKAGE.glob("model/*tiny.weights.h5*")
    path = tmp_path_factory.mktemp("weights") / "tiny.weights.h5"
    path.write_bytes(bundled.read_bytes())
    return path


@pytest.mark.medium
def test_the_network_is_small_and_reads_images_of_any_size(backbones: ModuleType) -> None:
    import keras

    tiny = backbones.load_tiny().Tiny
    assert 70_000 < tiny().count_params() < 80_000
    for side, maps in ((16, 2), (32, 4), (50, 7)):
        image = keras.Input((side, side, 3))
        assert tiny(input_tensor=image).output_shape == (None, maps, maps, 52)
    network = tiny(input_tensor=keras.layers.Identity()(image))
    assert network.input is image  # what comes before belongs to the network, as in Keras


@pytest.mark.medium
def test_the_weights_fit_and_are_small(backbones: ModuleType, weights: Path) -> None:
    network = backbones.load_tiny().Tiny()
    fresh = [variable.copy() for variable in network.get_weights()]
    network.load_weights(weights)
    assert weights.stat().st_size < 400_000
    changed = [not np.array_equal(a, b) for a, b in zip(fresh, network.get_weights(), strict=True)]
    assert all(changed)
    assert all(np.isfinite(variable).all() for variable in network.get_weights())


@pytest.mark.medium
def test_what_was_learned_from_other_digits_helps(
    backbones: ModuleType, weights: Path, sample: ModuleType
) -> None:
    import keras
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    shipped = archived(sample, "multiclass")

    def accuracy(path: Path | None) -> float:
        keras.utils.set_random_seed(1)
        network = backbones.load_tiny().Tiny()
        if path:
            network.load_weights(path)
        features, labels = {}, {}
        for split in ("train", "test"):
            files = pictures(shipped, f"{split}/")
            pixels = np.stack([decoded(content) for content in files.values()])
            features[split] = network.predict(pixels, verbose=0).mean(axis=(1, 2))
            labels[split] = [file.split("/")[2] for file in files]
        scaler = StandardScaler().fit(features["train"])
        model = LogisticRegression(max_iter=2000).fit(
            scaler.transform(features["train"]), labels["train"]
        )
        return model.score(scaler.transform(features["test"]), labels["test"])

    assert accuracy(weights) > accuracy(None) + 0.15


ONE_ROUND = """
import hashlib, json, sys
import tiny
tiny.ROUNDS, drawn, draw = 1, set(), tiny.draw
def note(scan, rng):
    drawn.add(hashlib.sha256(scan.tobytes()).hexdigest())
    return draw(scan, rng)
tiny.draw = note
network, _ = tiny.pretrain()
state = hashlib.sha256(b"".join(array.tobytes() for array in network.get_weights())).hexdigest()
print(json.dumps({"drawn": sorted(drawn), "state": state}))
"""


@needs_tensorflow
@pytest.mark.medium
def test_pretraining_repeats_itself_and_sees_no_sample_digit(sample: ModuleType) -> None:
    def once() -> dict[str, Any]:
        command = [sys.executable, "-W", "ignore", "-c", ONE_ROUND]
        result = subprocess.run(
            command, cwd=ROOT / "tools", capture_output=True, check=True, text=True
        )
        return json.loads(result.stdout.splitlines()[-1])

    first, second = once(), once()
    allowed = {digest(scan) for scan in sample.scans(range(5))[0]}
    forbidden = {digest(scan) for scan in sample.scans(range(5, 10))[0]}
    assert first == second
    assert len(first["drawn"]) > 800  # a round leaves out what fills no batch
    assert set(first["drawn"]) <= allowed
    assert not forbidden & set(first["drawn"])
