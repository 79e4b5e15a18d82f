"""Batches are a function of the seed and the epoch."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.made import SIZE
from helpers.small import small_network_of

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.data import batches
from {{ cookiecutter.package }}.examples import Splits
from {{ cookiecutter.package }}.hooks import Kit


def epoch(splits: Splits, config: Config, first: int, last: int) -> list[np.ndarray]:
    stream = batches.shuffled(splits.train, config.data, "light", 7, first, last)
    return [images.numpy() for images, _ in stream]


def test_an_epoch_is_the_same_whenever_it_is_reached(splits: Splits, config: Config) -> None:
    both = epoch(splits, config, 0, 2)
    again = epoch(splits, config, 1, 2)
    assert len(both) == 2 * batches.steps(splits.train, config.data)
    assert all(np.array_equal(a, b) for a, b in zip(both[2:], again, strict=True))
    assert not np.array_equal(both[0], both[2])


def test_epochs_differ_in_their_order_and_seeds_too() -> None:
    orders = [tuple(batches.order(50, *start).numpy()) for start in ((7, 0), (7, 1), (8, 0))]
    assert len(set(orders)) == 3
    assert all(sorted(order) == list(range(50)) for order in orders)


def test_an_image_varies_with_the_seed_the_epoch_and_its_number() -> None:
    keys = [(7, 0, 0), (8, 0, 0), (7, 1, 0), (7, 0, 1)]
    found = {tuple(batches.key(*parts).numpy()) for parts in (*keys, *keys)}
    assert len(found) == len(keys)


def test_every_image_comes_once_an_epoch(splits: Splits, config: Config) -> None:
    odd = config.data.model_copy(update={"batch_size": 3})  # the last batch is a smaller one
    stream = batches.shuffled(splits.train, odd, "none", 7, 0, 1)
    seen = np.concatenate([images.numpy() for images, _ in stream])
    stored = np.concatenate([x.numpy() for x, _ in batches.in_order(splits.train, config.data)])
    assert sorted(seen.sum(axis=(1, 2, 3))) == sorted(stored.sum(axis=(1, 2, 3)))


def test_keras_can_count_what_it_reads_anew(splits: Splits, config: Config) -> None:
    odd = config.data.model_copy(update={"batch_size": 3})
    assert batches.steps(splits.train, odd) == 3
    assert batches.in_order(splits.train, odd).cardinality() == 3
    stream = batches.shuffled(splits.train, odd, "none", 7, 1, 3)
    assert stream.cardinality() < 0  # or Keras would restart it once nobody reads it
    assert len(list(stream)) == 6


def test_images_are_read_as_they_are(splits: Splits, config: Config) -> None:
    images, _ = next(iter(batches.in_order(splits.train, config.data)))
    assert images.shape[1:] == (SIZE, SIZE, 3)
    assert images.numpy().max() > 100  # RGB from 0 to 255, not scaled


def test_whole_numbers_give_what_fractions_give(splits: Splits, config: Config) -> None:
    """Images travel as bytes; the model makes fractions of them, and the same ones."""
    images, _ = next(iter(batches.in_order(splits.train, config.data)))
    assert images.dtype == "uint8"
    model = small_network_of(config).model
    assert np.array_equal(model(images), model(images.numpy().astype("float32")))


def test_a_kit_may_share_an_epoch_out(
    splits: Splits, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process does not read of an epoch is cut from its order, not from the images."""
    whole = epoch(splits, config, 0, 1)
    half = Kit(share=lambda order, batch_size: order[:batch_size])
    monkeypatch.setattr(batches, "kits", lambda: (half, Kit()))
    part = [
        images.numpy()
        for images, _ in batches.shared(batches.order(8, 7, 0), 4).batch(4).map(lambda x: (x, x))
    ]
    assert len(part) == 1
    assert np.array_equal(part[0], batches.order(8, 7, 0)[:4])
    stream = batches.shuffled(splits.train, config.data, "light", 7, 0, 1)
    first = next(iter(stream))[0].numpy()
    assert np.array_equal(first, whole[0])
