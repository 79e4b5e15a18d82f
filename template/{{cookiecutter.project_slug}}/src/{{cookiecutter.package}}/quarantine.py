"""Files that cannot be learned from: they stop the training, or are left out and listed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from . import task
from .checkpoint import write
from .config import Config, ConfigError
from .examples import Item
from .listing import look_at, looks_of, remembered
from .looking import Look

MOST_SKIPPED = 0.01


def checked(items: Sequence[Item], config: Config) -> tuple[list[Item], list[Look]]:
    """The items whose files are sound, and what was seen of each image."""
    settings = config.data
    looks = look_at([item.file for item in items], settings.path)
    faults = _faults(items, looks, config)
    bad = [number for number, fault in enumerate(faults) if fault]
    if not bad:
        return list(items), looks
    place, fault = items[bad[0]].place, faults[bad[0]]
    first = f"{place}: {fault}" if place else fault
    count = f"{len(bad)} of {len(items)} images"
    if settings.on_bad_file == "stop":
        raise ConfigError(
            f"{first}. It is the first of {count} that cannot be used; mend or remove them, or "
            'leave them out with on_bad_file = "skip" in [data] of config.toml'
        )
    rows = [
        f"{_printable(items[number].file)}\t{looks[number].problem or faults[number]}\n"
        for number in bad
    ]
    quarantine = remembered(settings.path).with_name("left-out.tsv")
    write(quarantine, lambda file: file.write("".join(rows).encode()))
    if len(bad) > MOST_SKIPPED * len(items):
        raise ConfigError(
            f"{count} cannot be used, and more than {MOST_SKIPPED:.0%} is too many to leave out; "
            f"they are listed in {quarantine}. The first: {first}"
        )
    click.echo(
        f"{count} cannot be used and are left out; they are listed in {quarantine}. "
        f"The first: {first}"
    )
    kept = [number for number, fault in enumerate(faults) if not fault]
    return [items[number] for number in kept], [looks[number] for number in kept]


def refuse_damaged(entries: Sequence[str]) -> None:
    """Name what can no longer be read: TensorFlow says that decoding failed, but not of what."""
    for entry, found in looks_of(list(entries)):
        if found.problem:
            raise ConfigError(
                f"{_printable(entry)} can no longer be read: {found.problem}. It could when "
                "training began; mend or remove it, and train again"
            )


def _faults(items: Sequence[Item], looks: Sequence[Look], config: Config) -> list[str]:
    """For each item what is wrong with its image, or with what its label names."""
    others = task.faults(items, looks, config)
    return [
        f"{_printable(item.file)} cannot be read: {look.problem}" if look.problem else other
        for item, look, other in zip(items, looks, others, strict=True)
    ]


def _printable(name: str) -> str:
    """A name that is not UTF-8 cannot be written as it is."""
    return name.encode("utf-8", "replace").decode()
