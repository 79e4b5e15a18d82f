"""Which split an example belongs to: as its source says, else by a hash of the image's bytes.

Adding files never moves an old one to another split, and copies of one image stay together. Where
the examples have groups, such as the patient, a group stays together as well. Where copies of an
image are in several groups, these count as one: only then can a new file move others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from .examples import Item
from .source_settings import Data


def divide(items: Sequence[Item], digests: Sequence[str], settings: Data) -> list[Item]:
    """Every item with its split; a split that the source gives no item is held out."""
    given = {item.split for item in items}
    shares = [
        (split, share)
        for split, share in (("test", settings.test), ("validation", settings.validation))
        if split not in given
    ]
    divided = []
    for item, key in zip(items, _keys(items, digests), strict=True):
        split = item.split or "train"
        if split == "train":
            split = next((name for name, share in shares if _position(key, name) < share), split)
        divided.append(replace(item, split=split))
    return divided


def crossing(items: Sequence[Item], digests: Sequence[str]) -> list[tuple[Item, Item]]:
    """Copies of one image that are in different splits, because the source put them there."""
    first: dict[str, Item] = {}
    pairs = []
    for item, digest in zip(items, digests, strict=True):
        if first.setdefault(digest, item).split != item.split:
            pairs.append((first[digest], item))
    return pairs


def _keys(items: Sequence[Item], digests: Sequence[str]) -> list[str]:
    """What decides each item's split: its group if it has one, else its image."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while (parent := parents.setdefault(key, key)) != key:
            parents[key] = key = parents.setdefault(parent, parent)
        return key

    pairs = [
        (f"image {digest}", f"group {item.group}" if item.group else f"image {digest}")
        for item, digest in zip(items, digests, strict=True)
    ]
    for image, group in pairs:
        # "group" sorts before "image", and the smaller one leads: a group keeps its key.
        low, high = sorted((root(image), root(group)))
        parents[high] = low
    return [root(image).partition(" ")[2] for image, _ in pairs]


def _position(key: str, split: str) -> float:
    """A number from 0 to 1 that depends on the key, and differs between splits."""
    digest = hashlib.sha256(f"{split}:{key}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
