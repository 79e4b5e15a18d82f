"""What a packed image is known by, and what stands beside it: its labels."""

from ...config import Data
from ...data.check import Look
from ...examples import Item


def key_of(item: Item, look: Look) -> str:
    """A hash of the bytes of the original."""
    return look.digest


def features_of(item: Item, settings: Data, as_it_is: bool) -> dict[str, list[bytes]]:
    """For whoever has nothing but the packed images; here, labels come from the data as ever."""
    return {"label": [text.encode() for text in item.label]}


def label_of(item: Item, found: Item) -> tuple[str, ...]:
    """The label of an image that was found packed."""
    return item.label
