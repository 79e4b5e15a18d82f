"""The bundled backbone and the sample data: small, honest about what was seen, reproducible."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from frostline.rules import SAMPLE_CLASSES
from support import ROOT, needs_tensorflow

pytest.importorskip("sklearn")
np = pytest.importorskip("numpy")
TOOLS = ROOT / "tools"
COUNTS = {"train": 20, "validation": 12, "test": 60}


@pytest.fixture(scope="module")
def sample() -> Iterator[ModuleType]:
    sys.path.insert(0, str(TOOLS))
    import sample

    yield sample
    sys.path.remove(str(TOOLS))


@pytest.fixture(scope="module")
def backbones(sample: ModuleType) -> ModuleType:
    pytest.importorskip("tensorflow")
    import backbones

    return backbones


@pytest.fixture(scope="module")
def weights(backbones: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled weights, under the name that a project has them."""
    (bundled,) = backbones.PACKAGE.glob("*tiny.weights.h5*")
    path = tmp_path_factory.mktemp("weights") / "tiny.weights.h5"
    path.write_bytes(bundled.read_bytes())
    return path


@pytest.fixture(scope="module")
def shipped(sample: ModuleType) -> dict[str, bytes]:
    with zipfile.ZipFile(sample.ARCHIVE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pictures(files: dict[str, bytes], split: str = "") -> dict[str, bytes]:
    start = f"sample/{split}"
    return {p: c for p, c in files.items() if p.startswith(start) and p.endswith(".png")}


def decoded(content: bytes) -> Any:
    """The pixels of a picture, by a reader that shares nothing with the writer but the format."""
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind], at = body, at + 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    shades = np.stack([rows[:, 1:] >> 4, rows[:, 1:] & 15], axis=-1).reshape(height, width)
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[shades]


def digest(scan: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(scan).tobytes()).hexdigest()


def test_the_archive_holds_every_class_in_every_split(shipped: dict[str, bytes]) -> None:
    for split, count in COUNTS.items():
        found = [path.split("/")[2] for path in pictures(shipped, f"{split}/")]
        assert {name: found.count(name) for name in found} == dict.fromkeys(SAMPLE_CLASSES, count)
    assert len(pictures(shipped)) == len(shipped) - 1 == 5 * sum(COUNTS.values())


def test_the_archive_is_small_and_unpacks_where_it_lies(
    sample: ModuleType, shipped: dict[str, bytes]
) -> None:
    assert sample.ARCHIVE.stat().st_size <= 300_000
    assert all(path.startswith("sample/") and ".." not in path for path in shipped)


def test_the_source_is_credited(shipped: dict[str, bytes]) -> None:
    credits = shipped["sample/CREDITS.txt"].decode()
    for words in ("Optical Recognition of Handwritten Digits", "Alpaydin", "Kaynak", "CC BY 4.0"):
        assert words in credits
    assert "Changes:" in credits


def test_no_picture_is_in_two_splits(shipped: dict[str, bytes]) -> None:
    contents = [decoded(content).tobytes() for content in pictures(shipped).values()]
    assert len(set(contents)) == len(contents)


def test_each_scan_is_drawn_once_and_none_is_of_a_pretraining_digit(
    sample: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = sample.draw

    def note(scan: Any, rng: Any) -> Any:
        drawn.append(digest(scan))
        return draw(scan, rng)

    monkeypatch.setattr(sample, "draw", note)
    sample.members()
    seen_before = {digest(scan) for scan in sample.scans(range(5))[0]}
    assert len(drawn) == len(set(drawn)) == 5 * sum(COUNTS.values())
    assert not seen_before & set(drawn)


def test_scans_are_of_the_digits_asked_for_and_distinct(sample: ModuleType) -> None:
    images, labels = sample.scans(range(5))
    assert set(labels) == set(range(5))
    assert len({digest(image) for image in images}) == len(images) > 850


def test_the_archive_is_what_the_script_draws(
    sample: ModuleType, shipped: dict[str, bytes]
) -> None:
    files = sample.members()
    assert sample.archive(files) == sample.archive(sample.members())
    assert list(shipped) == sorted(files)  # pixels, since other zlibs pack the same ones otherwise
    for path, content in pictures(files).items():
        assert np.array_equal(decoded(content), decoded(shipped[path])), path


def test_the_archive_carries_no_clock_and_no_owner(sample: ModuleType) -> None:
    with zipfile.ZipFile(io.BytesIO(sample.archive({"b": b"2", "a": b"1"}))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a", "b"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}


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
    backbones: ModuleType, weights: Path, shipped: dict[str, bytes]
) -> None:
    import keras
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

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
        result = subprocess.run(command, cwd=TOOLS, capture_output=True, check=True, text=True)
        return json.loads(result.stdout.splitlines()[-1])

    first, second = once(), once()
    allowed = {digest(scan) for scan in sample.scans(range(5))[0]}
    forbidden = {digest(scan) for scan in sample.scans(range(5, 10))[0]}
    assert first == second
    assert len(first["drawn"]) > 800  # a round leaves out what fills no batch
    assert set(first["drawn"]) <= allowed
    assert not forbidden & set(first["drawn"])
