"""Which image has which mask, and in which split. Standard library only: the generator runs it.

The paths of an image and of its mask are the same but for the words that say which of the two it
is: train/images/1.jpg and train/masks/1.png, images/val/1.jpg and labels/val/1.png, or 1_mask.png.
"""

import itertools
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .walk import FolderError

{% include "source/_layout/splits.py" %}
BESIDE = {"", "data", "folder", "image", "images", "img", "imgs", "photos", "set", "split"}
MASK = re.compile(
    r"annot(ations?)?|gt(fine)?|groundtruth|labels?|labelids|masks?|segs?|segmentations?|"
    r"segmentationclass|trimaps?|truth"
)
IMAGE = re.compile(
    r"frames?|ground|images?|imgs?|inputs?|jpegimages|leftimg8bit|photos?|pictures?|rgb|sat"
)
WORD = re.compile(r"[-_. ]+|(?=annot$|masks?$|labels?$)")  # trainannot is two words as well
END = re.compile(r"(?:^|[-_. ])([^-_. ]+)$")
LOSSY = (".jpg", ".jpeg", ".jpe", ".jfif")

Path = tuple[str, ...]  # the folders and the name, from the root on


class Found(NamedTuple):
    """An image and its mask."""

    path: Path
    mask: Path
    split: str  # "" where the folders do not say


class Key(NamedTuple):
    """What an image and its mask have in common."""

    split: str
    rest: Path


def read(
    root: str, paths: Iterable[Path], unused: Counter[str], splits: str
) -> tuple[list[Found], list[str]]:
    """The images with their masks, and a line on what is not used."""
    images: dict[Key, Path] = {}
    masks: dict[Key, Path] = {}
    for path, is_mask, key in keys_of(paths):
        twin = (masks if is_mask else images).setdefault(key, path)
        if twin != path:
            files = f"{os.path.join(root, *twin)} and {os.path.join(root, *path)}"
            raise FolderError(f"{files} differ only in their suffix; remove one")
    marked = {key.split for key in masks}
    if splits == "auto" and "" in marked and len(marked) > 1:
        inner = min(path for key, path in masks.items() if key.split)
        outer = min(path for key, path in masks.items() if not key.split)
        raise FolderError(
            f"{os.path.join(root, *inner)} is in a folder called as a split, and "
            f"{os.path.join(root, *outer)} is not. As splits, the rest is to train on; splits = "
            '"folders" reads it so. splits = "none" takes all of them as one'
        )
    for key in [key for key in images if marked and key.split not in marked]:
        unused[f"of the split {key.split or 'without a name'}, which has no masks"] += 1
        del images[key]
    _refuse_unpaired(root, images, masks)
    given = {key: "" if splits == "none" else key.split for key in images}
    found = [Found(path, masks[key], given[key]) for key, path in images.items()]
    return found, _summary(root, unused)


def keys_of(paths: Iterable[Path]) -> list[tuple[Path, bool, Key]]:
    """The paths with their keys; where none fits another, less what all images or masks share."""
    found = [(path, *key_of(path)) for path in paths]
    sides = {side: [key.rest for _, mask, key in found if mask == side] for side in (True, False)}
    images = [(path, key) for path, mask, key in found if not mask]
    called = all(any(map(IMAGE.fullmatch, _words(path[:-1]))) for path, _ in images)
    if not (called or all(key.split for _, key in images)) or {*sides[True]} & {*sides[False]}:
        return found
    folders = {side: _alike([x[:-1] for x in of]) if called else 0 for side, of in sides.items()}
    stems = {side: [re.split(r"[-_. ]+", x[-1]) for x in of] for side, of in sides.items()}
    start = {side: _alike(of) for side, of in stems.items()}
    end = {side: _alike([x[::-1] for x in of]) for side, of in stems.items()}
    cut = []
    for path, side, key in found:
        words = re.split(r"[-_. ]+", key.rest[-1])
        stem = "_".join(words[start[side] : len(words) - end[side]])
        cut.append((path, side, Key(key.split, (*key.rest[folders[side] : -1], stem))))
    return cut


def _alike(rows: Sequence[Sequence[str]]) -> int:
    """With how many words all of them begin."""
    columns = zip(*rows, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda words: len({*words}) == 1, columns))


def _words(folders: Iterable[str]) -> list[str]:
    return [word for folder in folders for word in WORD.split(folder.lower()) if word]


def key_of(path: Path) -> tuple[bool, Key]:
    """Whether it is a mask, and what its path says besides."""
    split, is_mask, rest = "", False, []
    for folder in path[:-1]:
        words = _words([folder])
        named = {SPLIT[word] for word in words if word in SPLIT}
        if split_of(folder) or all(word in SPLIT or _is_kind(word) for word in words):
            split = next((SPLIT[x] for x in words if x in SPLIT), split_of(folder) or split)
            is_mask = is_mask or any(map(MASK.fullmatch, words))
        elif len(named) == 1 and " " not in folder:  # kvasir_train, but crash test is a name
            split, is_mask = named.pop(), is_mask or any(map(MASK.fullmatch, words))
            left = (x for x in words if x not in SPLIT and x not in BESIDE and not _is_kind(x))
            rest.append(" ".join(left))
        else:
            rest.append(unicodedata.normalize("NFC", folder))
    stem = unicodedata.normalize("NFC", os.path.splitext(path[-1])[0])
    while (end := END.search(stem)) and _is_kind(word := end[1].lower()):
        is_mask = is_mask or bool(MASK.fullmatch(word))
        stem = stem[: end.start()]
    return is_mask, Key(split, (*rest, stem))


{% include "source/_layout/split_of.py" %}


def _is_kind(word: str) -> bool:
    return bool(MASK.fullmatch(word) or IMAGE.fullmatch(word))


def _refuse_unpaired(root: str, images: dict[Key, Path], masks: dict[Key, Path]) -> None:
    """Nothing may be left over on either side, and no mask may have lost its numbers."""
    if missing := sorted(images.keys() - masks.keys()):
        raise FolderError(
            f"{os.path.join(root, *images[missing[0]])} has no mask, in a folder such as masks or "
            f"called {missing[0].rest[-1]}_mask.png; it is the first of {len(missing)} such images"
        )
    if unused := sorted(masks.keys() - images.keys()):
        raise FolderError(
            f"{os.path.join(root, *masks[unused[0]])} is a mask without its image; it is the "
            f"first of {len(unused)} such masks, to be given their images or taken away"
        )
    for path in masks.values():
        if path[-1].lower().endswith(LOSSY):
            file = os.path.join(root, *path)
            raise FolderError(f"{file}: JPEG changes the numbers in a mask; save masks as PNG")


{% include "source/_layout/summary.py" %}
