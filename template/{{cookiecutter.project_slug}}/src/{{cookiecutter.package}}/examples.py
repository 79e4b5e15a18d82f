"""Types that all rooms share: an example, the splits, and what a model's outputs mean."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Item:
    """An example as the source lists it, before its image is read."""

    file: str
    label: tuple[str, ...]  # one text a column: a class, a number, the file of a mask
    split: str = ""  # one of SPLITS where the source says so
    group: str = ""  # items of one group are never in two splits
    place: str = ""  # where a person would look for it, such as a line of a table

    def __str__(self) -> str:
        return self.place or self.file


@dataclass(frozen=True)
class Meaning:
    """What the outputs of a model stand for; it is kept beside the model."""

    names: tuple[str, ...]  # of the classes, labels or targets
    shares: tuple[float, ...] = ()  # how common each class is among the training examples
    offset: tuple[float, ...] = ()  # the mean of each target
    scale: tuple[float, ...] = ()  # the standard deviation of each target
    thresholds: tuple[float, ...] = ()  # the probability from which on the answer is yes

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{key: tuple(value) for key, value in values.items()})


@dataclass(frozen=True)
class Examples:
    """Image files and their targets."""

    files: tuple[str, ...]
    targets: np.ndarray
    turns: np.ndarray  # how each image is to be turned, as EXIF counts it from 1 (upright) to 8
    digests: tuple[str, ...] = ()  # of the images' bytes
    origins: tuple[str, ...] = ()  # what the source calls them; files may be plain copies

    def __len__(self) -> int:
        return len(self.files)

    def subset(self, indices: Sequence[int]) -> Self:
        """The examples at these positions."""
        index = np.array(indices, int)
        files, digests, origins = (
            tuple(column[i] for i in indices if column)
            for column in (self.files, self.digests, self.origins)
        )
        return type(self)(files, self.targets[index], self.turns[index], digests, origins)


@dataclass(frozen=True)
class Splits:
    """The examples of a project; no image is in two of the three."""

    meaning: Meaning
    train: Examples
    validation: Examples
    test: Examples
