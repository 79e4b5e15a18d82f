"""What the project learns from: image files, what the model should say of each, what that means."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Item:
    """An example as a source finds it, before anything is read into it."""

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
    thresholds: tuple[float, ...] = ()  # from which probability on the answer is yes

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def load(cls, path: Path) -> Meaning:
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{key: tuple(value) for key, value in values.items()})


@dataclass(frozen=True)
class Examples:
    """Image files, and what the model should say about each."""

    files: tuple[str, ...]
    targets: np.ndarray
    # How each image is turned, as EXIF counts it from 1 to 8; 0: TensorFlow cannot decode it.
    turns: np.ndarray = field(default_factory=lambda: np.empty(0, "uint8"))
    digests: tuple[str, ...] = ()  # of the images' bytes, where they are known
    plain: bool = False  # all are upright photos that are decoded at their own size

    def __post_init__(self) -> None:
        if not len(self.turns):
            object.__setattr__(self, "turns", np.ones(len(self.files), "uint8"))

    def __len__(self) -> int:
        return len(self.files)

    @property
    def masks(self) -> tuple[str, ...]:
        """Where masks are what to say: their files."""
        return tuple(self.targets.tolist()) if self.targets.dtype.kind == "U" else ()

    def rows(self, chosen: np.ndarray) -> Examples:
        """Some of them."""
        files = tuple(self.files[row] for row in chosen)
        digests = tuple(self.digests[row] for row in chosen) if self.digests else ()
        return Examples(files, self.targets[chosen], self.turns[chosen], digests, self.plain)


@dataclass(frozen=True)
class Splits:
    """The examples of a project; no image is in two of the three."""

    meaning: Meaning
    train: Examples
    validation: Examples
    test: Examples
