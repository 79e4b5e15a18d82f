"""What `predict` says of an image: a row, and a mask where a folder for masks is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import click
import numpy as np

from .examples import Meaning

Row = dict[str, Any]


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `predict` that only this task has."""
    place = click.Path(file_okay=False, path_type=Path)
    text = "Also write each mask as a PNG, at the size that the model takes, into this folder."
    return click.option("--masks", type=place, help=text)(command)


@dataclass(frozen=True)
class Recorder:
    """Puts a prediction into words, and its mask into a file."""

    columns: ClassVar[tuple[str, ...]] = ("mask",)

    masks: Path | None = None
    taken: set[str] = field(default_factory=set)

    def row(self, file: str, output: np.ndarray, meaning: Meaning) -> Row:
        from . import task  # not before it is needed: `--help` should not wait for TensorFlow

        row: Row = dict(task.describe(output, meaning))
        if self.masks:
            row["mask"] = str(self._save(self.masks, file, task.keep(output)))
        return row

    def _save(self, folder: Path, file: str, mask: np.ndarray) -> Path:
        """A PNG whose numbers are the classes, shown in the colours of the classes."""
        from PIL import Image

        from .palette import palette

        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self._name(Path(file).stem)}.png"
        picture = Image.fromarray(mask)
        picture.putpalette(palette().tobytes())
        picture.save(path)
        return path

    def _name(self, stem: str) -> str:
        """The image's own name; images of one name from several folders are numbered."""
        name, number = stem, 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{stem}-{number}"
        self.taken.add(name.casefold())
        return name
