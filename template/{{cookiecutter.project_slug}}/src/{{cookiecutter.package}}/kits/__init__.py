"""Optional parts of the project. Each module here offers one name, ``KIT``.

A kit is added or removed as a file; nothing else in the project mentions it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import tensorflow as tf

    from ..config import Config
    from ..examples import Item, Splits
    from ..looking import Look

Columns = tuple[str, ...]


@dataclass(frozen=True)
class Kit:
    """What a kit adds: commands, other files for images, work to do when a run has news."""

    commands: tuple[click.Command, ...] = ()
    instead: Callable[[Columns, list[Item], list[Look], Config], list[Item]] | None = None
    before_training: Callable[[Config, Splits], None] | None = None
    after_training: Callable[[Path], None] | None = None
    after_evaluation: Callable[[Path], None] | None = None
    strategy: Callable[[], tf.distribute.Strategy | None] | None = None


def kits() -> list[Kit]:
    """Every kit that is there, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").KIT for name in names]
