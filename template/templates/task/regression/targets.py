"""From texts to numbers: columns of numbers, each of which must be one."""

from collections.abc import Iterator, Sequence

import numpy as np

from ..config import Config, ConfigError
from ..examples import Item, Meaning


def encode(
    items: Sequence[Item], columns: tuple[str, ...], config: Config
) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the targets, as config.toml or the data have them, and each item's numbers."""
    names = config.head.classes or columns
    if missing := [name for name in names if name not in columns]:
        raise ConfigError(
            f"{config.data.path} has no column {', '.join(missing)}; it has {', '.join(columns)}. "
            "See [head] classes in config.toml"
        )
    if config.head.outputs not in (0, len(names)):
        raise ConfigError(
            f"[head] outputs = {config.head.outputs} in config.toml, but there are {len(names)} "
            f"targets: {', '.join(names)}"
        )
    chosen = [columns.index(name) for name in names]
    numbers = [[_number(item.label[column]) for column in chosen] for item in items]
    with np.errstate(over="ignore"):  # what float32 has no room for is infinite, and named below
        targets = np.array(numbers, dtype="float32").reshape(len(items), len(names))
    if bad := list(_not_numbers(items, targets, names, chosen)):
        more = f"; {len(bad) - 1} more are like that" if len(bad) > 1 else ""
        raise ConfigError(bad[0] + more)
    return names, targets


def learn(names: tuple[str, ...], targets: np.ndarray) -> Meaning:
    """Where the training targets lie, and how far they spread."""
    exact = targets.astype("float64")
    offset, scale = exact.mean(axis=0), exact.std(axis=0)
    for name, spread, value in zip(names, scale, offset, strict=True):
        if spread <= 1e-6 * abs(value):
            raise ConfigError(f"{name} is {value:g} for all training images: nothing to learn")
    return Meaning(names, offset=tuple(offset.tolist()), scale=tuple(scale.tolist()))


def _number(text: str) -> float:
    """The number, or NaN: a place for it is easier to find where all are together."""
    try:
        return float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")


def _not_numbers(
    items: Sequence[Item], targets: np.ndarray, names: tuple[str, ...], chosen: list[int]
) -> Iterator[str]:
    for row, column in np.argwhere(~np.isfinite(targets)):
        text = items[row].label[chosen[column]]
        yield f"{items[row]}: {names[column]} is '{text}', which is not a number to learn"
