"""Choose layers of the backbone by block, name, position or type.

A selector that matches nothing is an error, because a typo would otherwise leave a layer
frozen, or training, without a word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase


class SelectorError(ValueError):
    """A selector that cannot be resolved; the message is meant for the user."""


@dataclass(frozen=True)
class Leaf:
    """A layer that holds no other layers: the unit in which a network is frozen."""

    position: int  # in the backbone's own list of layers, the input being 0
    name: str | None  # None where Keras numbers the name, which then differs from run to run
    kind: str  # the layer's class
    block: str
    owner: str | None = None  # the container that holds the leaf, if any


def stable_name(name: str, kind: str) -> str | None:
    """The layer's name, or None when Keras made it up from the class and a global counter."""
    snake = _snake_case(kind)
    return None if re.fullmatch(rf"{re.escape(snake)}(_\d+)?", name) else name


def select(leaves: Sequence[Leaf], selectors: Sequence[str], network: str) -> list[bool]:
    """One flag per leaf. Selectors apply in order and the later one wins.

    A leading ``!`` excludes; where every selector excludes, everything else is chosen.
    """
    excluding = [selector.startswith("!") for selector in selectors]
    chosen = [bool(selectors) and all(excluding)] * len(leaves)
    for selector, excludes in zip(selectors, excluding, strict=True):
        matches = _matcher(selector.removeprefix("!"), leaves, network)
        for index, leaf in enumerate(leaves):
            if matches(leaf):
                chosen[index] = not excludes
    return chosen


def _matcher(pattern: str, leaves: Sequence[Leaf], network: str) -> Callable[[Leaf], bool]:
    prefix, colon, rest = pattern.partition(":")
    if colon and prefix == "block":
        return _block_matcher(rest, leaves, network)
    if colon and prefix == "type":
        kinds = sorted({leaf.kind for leaf in leaves})
        hits = {kind for kind in kinds if fnmatchcase(kind, rest)}
        return _found(hits, lambda leaf: leaf.kind in hits, "layer of type", rest, network, kinds)
    if colon and prefix == "re":
        return _regex_matcher(rest, leaves, network)
    if (positions := _positions(pattern, leaves[-1].position + 1, "layers", network)) is not None:
        return lambda leaf: leaf.position in positions
    return _name_matcher(pattern, leaves, network)


def _block_matcher(rest: str, leaves: Sequence[Leaf], network: str) -> Callable[[Leaf], bool]:
    blocks = list(dict.fromkeys(leaf.block for leaf in leaves))
    numbers = _positions(rest, len(blocks), "blocks", network)
    if numbers is not None:
        hits = {blocks[number] for number in numbers}
    else:
        hits = {block for block in blocks if fnmatchcase(block, rest)}
    return _found(hits, lambda leaf: leaf.block in hits, "block", rest, network, blocks)


def _regex_matcher(rest: str, leaves: Sequence[Leaf], network: str) -> Callable[[Leaf], bool]:
    try:
        expression = re.compile(rest)
    except re.error as problem:
        raise SelectorError(f"'re:{rest}' is not a regular expression: {problem}") from None
    hits = {name for name in _names(leaves) if expression.search(name)}
    return _found(hits, lambda leaf: bool(hits & _known_as(leaf)), "layer like", rest, network, [])


def _name_matcher(pattern: str, leaves: Sequence[Leaf], network: str) -> Callable[[Leaf], bool]:
    names = _names(leaves)
    hits = {name for name in names if fnmatchcase(name, pattern)}
    base = re.sub(r"_\d+$", "", pattern)
    if not hits and base in {_snake_case(leaf.kind) for leaf in leaves if leaf.name is None}:
        raise SelectorError(
            f"layer '{pattern}' of {network} has a name that Keras numbers anew in every run; "
            "choose it by its position"
        )
    return _found(hits, lambda leaf: bool(hits & _known_as(leaf)), "layer", pattern, network, names)


def _found(
    hits: set[str],
    matches: Callable[[Leaf], bool],
    what: str,
    pattern: str,
    network: str,
    candidates: Sequence[str],
) -> Callable[[Leaf], bool]:
    if hits:
        return matches
    near = difflib.get_close_matches(pattern.strip("*"), candidates, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    if not near and what in ("block", "layer of type"):
        hint = f"; there are {', '.join(candidates)}"
    raise SelectorError(f"no {what} '{pattern}' in {network}{hint}")


def _positions(text: str, count: int, things: str, network: str) -> range | None:
    """The range that ``12``, ``-1``, ``0:10`` or ``-5:`` stands for, None for other text."""
    match = re.fullmatch(r"(-?\d+)|(-?\d+)?:(-?\d+)?", text)
    if match is None:
        return None
    for number in filter(None, match.groups()):
        last = count - 1 if match[1] else count
        if not -count <= int(number) <= last:
            raise SelectorError(
                f"position {number} is out of range: the {things} of {network} are 0 to {count - 1}"
            )
    if match[1]:
        position = int(match[1]) % count
        return range(position, position + 1)
    chosen = range(count)[slice(*(int(end) if end else None for end in match.groups()[1:]))]
    if not chosen:
        raise SelectorError(f"the range '{text}' holds none of the {things} of {network}")
    return chosen


def _names(leaves: Sequence[Leaf]) -> list[str]:
    return list(dict.fromkeys(name for leaf in leaves for name in sorted(_known_as(leaf))))


def _known_as(leaf: Leaf) -> set[str]:
    return {name for name in (leaf.name, leaf.owner) if name}


def _snake_case(kind: str) -> str:
    """Keras' own rule for naming a layer after its class."""
    text = re.sub(r"\W+", "", kind)
    text = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", text)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", text).lower()
