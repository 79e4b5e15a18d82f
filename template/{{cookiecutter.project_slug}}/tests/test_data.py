"""Batches are a function of the seed and the epoch."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from made import SIZE
from small import small_network_of

from {{ cookiecutter.package }} import data, kept, store
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Examples, Splits


def epoch(splits: Splits, config: Config, first: int, last: int) -> list[np.ndarray]:
    stream = data.shuffled(splits.train, config.data, "light", 7, first, last)
    return [images.numpy() for images, _ in stream]


def test_an_epoch_is_the_same_whenever_it_is_reached(splits: Splits, config: Config) -> None:
    both = epoch(splits, config, 0, 2)
    again = epoch(splits, config, 1, 2)
    assert len(both) == 2 * data.steps(splits.train, config.data)
    assert all(np.array_equal(a, b) for a, b in zip(both[2:], again, strict=True))
    assert not np.array_equal(both[0], both[2])


def test_epochs_differ_in_their_order_and_seeds_too() -> None:
    orders = [tuple(data.order(50, *start).numpy()) for start in ((7, 0), (7, 1), (8, 0))]
    assert len(set(orders)) == 3
    assert all(sorted(order) == list(range(50)) for order in orders)


def test_every_image_comes_once_an_epoch(splits: Splits, config: Config) -> None:
    stream = data.shuffled(splits.train, config.data, "none", 7, 0, 1)
    seen = np.concatenate([images.numpy() for images, _ in stream])
    stored = np.concatenate([x.numpy() for x, _ in data.in_order(splits.train, config.data)])
    assert sorted(seen.sum(axis=(1, 2, 3))) == sorted(stored.sum(axis=(1, 2, 3)))


def test_images_are_read_as_they_are(splits: Splits, config: Config) -> None:
    images, _ = next(iter(data.in_order(splits.train, config.data)))
    assert images.shape[1:] == (SIZE, SIZE, 3)
    assert images.numpy().max() > 100  # RGB from 0 to 255, not scaled


@pytest.mark.parametrize(
    ("augment", "modes"), [("none", ("memory", "disk", "disk")), ("strong", ("disk", "disk"))]
)
def test_what_is_kept_changes_nothing(
    augment: str,
    modes: tuple[str, ...],
    splits: Splits,
    config: Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Off, in memory, on disk and found there again: the same batches, bit for bit."""
    monkeypatch.chdir(tmp_path)
    expected = batches(splits, config, "off", augment)
    for mode in modes:
        monkeypatch.setattr(kept, "_opened", {})
        found = batches(splits, config, mode, augment)
        for one, other in zip(expected, found, strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert all(file.suffix == ".npy" for file in store.FOLDER.iterdir())


def batches(splits: Splits, config: Config, mode: str, augment: str) -> list[list[np.ndarray]]:
    """Three epochs, the first of which fills the store."""
    settings = config.data.model_copy(update={"keep": mode, "batch_size": 3})
    stream = data.shuffled(splits.train, settings, augment, 7, 0, 3)
    return [[images.numpy(), targets.numpy()] for images, targets in stream]


def test_images_are_decoded_once(
    splits: Splits, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first epoch the files may be gone; a changed file is never taken for the old."""
    monkeypatch.setattr(kept, "_opened", {})
    copies = []
    for number, file in enumerate(splits.train.files):
        copies.append(tmp_path / f"{number}.png")
        copies[-1].write_bytes(Path(file).read_bytes())
    examples = Examples(tuple(map(str, copies)), splits.train.targets)
    settings = config.data.model_copy(update={"keep": "memory"})
    known = kept.pixels_key(examples, settings)
    stream = iter(data.shuffled(examples, settings, "none", 7, 0, 2))
    for _ in range(data.steps(examples, settings)):
        next(stream)
    copies[0].write_bytes(copies[1].read_bytes())
    assert kept.pixels_key(examples, settings) != known
    for copy in copies:
        copy.unlink()
    assert len(list(stream)) == data.steps(examples, settings)


def test_no_pipeline_is_rewritten_or_tuned(splits: Splits, config: Config) -> None:
    """It would begin with a copy of all that is kept, and might end with a wait of a minute."""
    for batches in (
        data.in_order(splits.train, config.data, again=True),
        data.shuffled(splits.train, config.data, "none", 7, 0, 1),
        data.shared_out(splits.validation, config.data).batches,
    ):
        options = batches.options()
        assert options.experimental_optimization.apply_default_optimizations is False
        assert options.autotune.enabled is False


def test_what_does_not_fit_into_memory_goes_to_disk() -> None:
    assert store.choose_place("auto", 1000) == "memory"
    assert store.choose_place("auto", 10**18) == "off"
    assert store.choose_place("disk", 10**18) == "disk"


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def refuse(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(ConfigError, match="no room on the disk"):
        store.open_store("disk", "name", [((4, 2), "uint8")])
    assert not list(store.FOLDER.iterdir())


def test_whole_numbers_give_what_fractions_give(splits: Splits, config: Config) -> None:
    """Images travel as bytes; the model makes fractions of them, and the same ones."""
    images, _ = next(iter(data.in_order(splits.train, config.data)))
    assert images.dtype == "uint8"
    model = small_network_of(config).model
    assert np.array_equal(model(images), model(images.numpy().astype("float32")))


def test_kept_pixels_are_never_stale(splits: Splits, config: Config) -> None:
    known = kept.pixels_key(splits.train, config.data)
    assert kept.pixels_key(splits.train, config.data) == known
    assert kept.pixels_key(splits.validation, config.data) != known
    for key, value in (("image_size", SIZE + 1), ("resize", "pad")):
        changed = config.data.model_copy(update={key: value})
        assert kept.pixels_key(splits.train, changed) != known
