"""Which split an example belongs to: as its source says, else by a hash of the image's bytes.

Adding files never moves an old one to another split, and copies of one image stay together. Where
the examples have groups, such as the patient, a group stays together instead.
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
    for item, digest in zip(items, digests, strict=True):
        split = item.split or "train"
        if split == "train":
            key = item.group or digest
            split = next((name for name, share in shares if _position(key, name) < share), split)
        divided.append(replace(item, split=split))
    return divided


def _position(key: str, split: str) -> float:
    """A number from 0 to 1 that depends on the key, and differs between splits."""
    digest = hashlib.sha256(f"{split}:{key}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
