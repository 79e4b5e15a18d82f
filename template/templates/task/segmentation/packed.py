"""What a packed image is known by, and what stands beside it: its mask."""

import hashlib

import tensorflow as tf

from ...config import Data
from ...data.check import Look
from ...data.files import load_bytes
from ...data.mask_survey import numbered, reads
from ...data.masks import read_mask
from ...examples import Item

_read = tf.function(read_mask)


def key_of(item: Item, look: Look) -> str:
    """A hash of the bytes of the original, and one of those of its mask."""
    return f"{look.digest} {hashlib.sha256(load_bytes(reads(item.label[0]))).hexdigest()}"


def features_of(item: Item, settings: Data, as_it_is: bool) -> dict[str, list[bytes]]:
    """The mask, as the model sees it where the image is packed so."""
    mask = reads(item.label[0])
    if as_it_is:
        return {"mask": [load_bytes(mask)]}
    return {"mask": [tf.io.encode_png(_read(tf.constant(mask), settings)).numpy()]}


def label_of(item: Item, found: Item) -> tuple[str, ...]:
    """The label of an image that was found packed: its mask is as well."""
    numbered.add(found.label[0])
    return found.label
