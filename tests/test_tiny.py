"""The bundled backbone and the sample data: small, honest about what was seen, reproducible."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from frostline.rules import SAMPLE_CLASSES
from support import ROOT, needs_tensorflow

pytest.importorskip("sklearn")
np = pytest.importorskip("numpy")
TOOLS = ROOT / "tools"
SPLITS = ("train", "validation", "test")
Files = dict[str, bytes]
TASKS = ("multiclass", "binary", "multilabel", "regression", "segmentation")


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
def archives(sample: ModuleType) -> dict[str, Files]:
    """What a project of each task is given."""
    found = {}
    for task in TASKS:
        with zipfile.ZipFile(sample.archive_of(task)) as archive:
            found[task] = {name: archive.read(name) for name in archive.namelist()}
    return found


@pytest.fixture(scope="module")
def shipped(archives: dict[str, Files]) -> Files:
    return archives["multiclass"]


def pictures(files: Files, split: str = "") -> Files:
    start = f"sample/{split}"
    return {p: c for p, c in files.items() if p.startswith(start) and p.endswith(".png")}


def rows(files: Files) -> list[dict[str, str]]:
    """The lines of labels.csv; there is one for each picture."""
    lines = list(csv.DictReader(files["sample/labels.csv"].decode().splitlines()))
    assert {f"sample/{line['image']}" for line in lines} == set(pictures(files))
    assert len(lines) == len(pictures(files))
    return lines


def decoded(content: bytes) -> Any:
    """The pixels of a picture."""
    shades, palette = unpacked(content)
    return palette[shades]


def indices(content: bytes) -> Any:
    """The numbers of the classes in a mask."""
    return unpacked(content)[0]


def unpacked(content: bytes) -> tuple[Any, Any]:
    """Shades and palette, by a reader that shares nothing with the writer but the format."""
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind], at = body, at + 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    packed = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not packed[:, 0].any()
    shades = np.stack([packed[:, 1:] >> 4, packed[:, 1:] & 15], axis=-1).reshape(height, width)
    return shades, np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)


def digest(scan: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(scan).tobytes()).hexdigest()


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_folders_and_table_agree_on_every_class(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    lines = rows(archives[task])
    assert all(x["image"].split("/")[:2] == [x["split"], x["label"]] for x in lines)
    for split, count in sample.SPLITS[task].items():
        found = Counter(x["label"] for x in lines if x["split"] == split)
        assert found == dict.fromkeys(SAMPLE_CLASSES[task], count)


def test_every_label_and_pair_of_labels_is_in_every_split(archives: dict[str, Files]) -> None:
    lines = rows(archives["multilabel"])
    for split in SPLITS:
        found = [x for x in lines if x["split"] == split]
        sets = {tuple(n for n in SAMPLE_CLASSES["multilabel"] if x[n] == "1") for x in found}
        assert len(sets) == 5 + 10  # one or two of five
        shares = [np.mean([x[n] == "1" for x in found]) for n in SAMPLE_CLASSES["multilabel"]]
        assert all(0.15 < share < 0.5 for share in shares)


def test_angles_are_spread_evenly(archives: dict[str, Files]) -> None:
    lines = rows(archives["regression"])
    for split in SPLITS:
        angles = np.array([float(x["angle"]) for x in lines if x["split"] == split])
        assert abs(angles).max() <= 60
        assert abs(angles.mean()) < 10
        assert 25 < angles.std() < 45


def test_a_turned_digit_is_the_upright_one_turned_clockwise(sample: ModuleType) -> None:
    scan = np.zeros((8, 8))
    scan[0, 3:5] = 1  # a dot at the top moves to the right
    ink = sample.place(scan, np.array([15.5, 15.5]), 3.0, np.radians(60))
    row, column = np.average(np.indices(ink.shape).reshape(2, -1), axis=1, weights=ink.ravel())
    assert 9 < row < 12
    assert 23 < column < 26


def test_masks_show_the_stroke(archives: dict[str, Files]) -> None:
    found = pictures(archives["segmentation"])
    images = {path: content for path, content in found.items() if "/images/" in path}
    assert len(found) == 2 * len(images)
    for path, content in images.items():
        mask = indices(found[path.replace("/images/", "/masks/")])
        assert set(np.unique(mask)) == {0, 1}
        assert 0.03 < mask.mean() < 0.35
        light = decoded(content) @ [0.299, 0.587, 0.114]
        assert light[mask == 1].mean() > light[mask == 0].mean() + 20


@pytest.mark.parametrize("task", TASKS)
def test_the_archive_is_small_and_unpacks_where_it_lies(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    assert sample.archive_of(task).stat().st_size <= 305_000
    assert all(path.startswith("sample/") and ".." not in path for path in archives[task])


@pytest.mark.parametrize("task", TASKS)
def test_the_source_is_credited(task: str, archives: dict[str, Files]) -> None:
    credits = archives[task]["sample/CREDITS.txt"].decode()
    for words in ("Optical Recognition of Handwritten Digits", "Alpaydin", "Kaynak", "CC BY 4.0"):
        assert words in credits
    assert "Changes to the 8 by 8 scans" in credits


@pytest.mark.parametrize("task", TASKS)
def test_each_scan_is_drawn_once_and_none_is_of_a_pretraining_digit(
    task: str, sample: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def noting(draw: Callable[..., Any]) -> Callable[..., Any]:
        def note(scan: Any, *arguments: Any) -> Any:
            drawn.append(digest(scan))
            return draw(scan, *arguments)

        return note

    for name in ("draw", "place"):
        monkeypatch.setattr(sample, name, noting(getattr(sample, name)))
    count = len(pictures(sample.members(task)))
    seen_before = {digest(scan) for scan in sample.scans(range(5))[0]}
    assert len(drawn) == len(set(drawn)) >= count / (2 if task == "segmentation" else 1)
    assert not seen_before & set(drawn)


def test_scans_are_of_the_digits_asked_for_and_distinct(sample: ModuleType) -> None:
    images, labels = sample.scans(range(5))
    assert set(labels) == set(range(5))
    assert len({digest(image) for image in images}) == len(images) > 850


@pytest.mark.parametrize("task", TASKS)
def test_the_archive_is_what_the_script_draws(
    task: str, sample: ModuleType, archives: dict[str, Files]
) -> None:
    files, shipped = sample.members(task), archives[task]
    assert sample.archive(files) == sample.archive(sample.members(task))
    assert list(shipped) == sorted(files)  # pixels, since other zlibs pack the same ones otherwise
    for path, content in files.items():
        if path.endswith(".png"):
            assert np.array_equal(decoded(content), decoded(shipped[path])), path
        else:
            assert content == shipped[path], path


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
    backbones: ModuleType, weights: Path, shipped: Files
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
