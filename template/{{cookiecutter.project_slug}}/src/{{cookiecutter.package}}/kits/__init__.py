"""Optional parts of the project. Each module here offers one name, ``KIT``.

A kit is added or removed as a file; nothing else in the project mentions it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True)
class Kit:
    """What a kit adds: commands, and work to do when a run's folder has news."""

    commands: tuple[click.Command, ...] = ()
    after_training: Callable[[Path], None] | None = None
    after_evaluation: Callable[[Path], None] | None = None


def kits() -> list[Kit]:
    """Every kit that is there, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").KIT for name in names]
