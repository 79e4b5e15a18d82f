"""A bar for work that takes long, where somebody is watching."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

Thing = TypeVar("Thing")


def followed(things: Iterable[Thing], count: int, label: str) -> Iterator[Thing]:
    """The same things; on a terminal, a bar shows how many of them have gone by."""
    if not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, length=count, label=label, file=sys.stderr) as bar:
        yield from bar
