"""Batches are a function of the seed and the epoch."""

from __future__ import annotations

import numpy as np
from made import SIZE

from {{ cookiecutter.package }} import data
from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.examples import Splits


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
