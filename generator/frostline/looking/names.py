"""What names tell: which class is to be found, what has a direction, which images are of a kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

ABSENT = re.compile(
    r"(?i)0|no|none|not?[-_ ].*|non[-_ ].*|without.*|false|negative|neg|normal|healthy|benign|"
    r"control|controls|good|ok|okay|background|clean|absent|uninfected|intact"
)
PRESENT = re.compile(r"(?i)1|yes|true|positive|pos|with[-_ ].*")
SIDES = re.compile(r"(?i)(.*(^|[-_ ]))?(left|right|east|west|clockwise|port|starboard)([-_ ].*)?")
NO_UP = re.compile(
    r"(?i).*(cell|micro|histo|patho|satell|aerial|tissue|smear|colon(y|ies)|galax).*"
)
PERSON = re.compile(
    r"(?i)(?<![a-z])(patient|pat|subject|subj|person|participant|case|animal|plant|specimen|slide|"
    r"session|video|clip|scene|sequence|seq|burst|camera|cam|site|visit)[-_ ]?[0-9]+"
)
TAKEN = re.compile(r"(19|20)[0-9]{2}[-_. ]?[01][0-9]([-_. ]?[0-3][0-9])?.*|[0-9]{3}[A-Z_]{5}")
SERIES = re.compile(r"([^/]+)[-_.][0-9]{2,}\.[^./]+$")
SHARE = 0.15  # of the images for validation, and for the test


def ordered(names: Iterable[str]) -> list[str]:
    """As the project orders them: numbers by value, and before words."""
    return sorted(names, key=lambda n: (False, float(n), n) if n.isdecimal() else (True, 0.0, n))


def to_find_last(names: Sequence[str]) -> list[str]:
    """Two classes, the one that is to be found second."""
    first, second = names
    swap = PRESENT.fullmatch(first) or (ABSENT.fullmatch(second) and not ABSENT.fullmatch(first))
    return [second, first] if swap else [first, second]


def no_classes(listed: Sequence[str]) -> bool:
    """Whether folders are called by whom or when they show, and not by what."""
    return all(map(PERSON.fullmatch, listed)) or all(map(TAKEN.fullmatch, listed))


def flip(names: Sequence[str], folder: str) -> tuple[str, str]:
    """How images may be mirrored, and why."""
    sides = [name for name in names if SIDES.fullmatch(name)]
    if sides:
        return "none", f"mirrored, {sides[0]} would be something else"
    signs = [name for name in names if re.fullmatch(r"[0-9A-Za-z]", name)]
    if len(signs) > 2 and len(signs) * 2 > len(names):
        return "none", f"{signs[0]}, {signs[1]} look like letters or digits, which have a direction"
    if NO_UP.fullmatch(folder):
        return "both", f"images like those of {folder} have no up"
    return "horizontal", ""


def group(
    root: str, paths: Sequence[str], labels: Sequence[str], shares: Iterable[str]
) -> tuple[str, str]:
    """A regular expression for what belongs together, with what it finds; or why there is none."""
    pattern = _person(paths) or _start(paths)
    if not pattern or re.search(pattern, root):
        return "", ""
    found = [m[0] if (m := re.search(pattern, path)) else "" for path in paths]
    names = Counter(found)
    if (
        not all(names)
        or len(names) < 2
        or len(set(zip(found, labels, strict=True))) == len(set(labels))
    ):
        return "", ""
    what = f"the names hold {len(names)} groups such as {found[0]}"
    for split in shares:
        if not any(_held_out(name, split) for name in names):
            return "", f"{what}, too few to hold out some for {split}; --group '{pattern}' does"
    return pattern, f"{what}, and none is put into two splits"


def _person(paths: Sequence[str]) -> str:
    """Where a word and a number in each path say whose it is: patient12."""
    first = PERSON.search(paths[0])
    pattern = rf"(?<![A-Za-z]){first[1]}[-_ ]?[0-9]+" if first else ""
    return pattern if pattern and all(re.search(pattern, path) for path in paths) else ""


def _start(paths: Sequence[str]) -> str:
    """Where the names are those of series, with a number for each image: 0016E5_07959."""
    starts = [found[1] if (found := SERIES.search(path)) else "" for path in paths]
    count = len(set(starts))
    usual = all(re.search("[0-9]", start) for start in starts) and 2 * count <= len(paths)
    return r"[^/]+(?=[-_.][0-9]{2,}\.[^./]+$)" if usual and count > 1 else ""


def _held_out(name: str, split: str) -> bool:
    """As the project decides in data/split.py."""
    return int.from_bytes(sha256(f"{split}:{name}".encode()).digest()[:8]) / 2**64 < SHARE
