"""Samples the values in masks from PNG files, in pure Python: the generator has no Pillow."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from frostline.looking.found import Found

MOST = 6_000_000  # bytes of pixels, in a second or two
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG's type of colour
VALUES = 12  # in masks: more are no painted classes
PAINTED = 64  # a number that is no class's as a rule, for those begin at 0
TRANSPARENT, PALETTE = "transparent", 3


def name_values(files: Sequence[Path], classes: Sequence[str], found: Found) -> None:
    """Names for what masks hold, where that is not the numbers of classes."""
    held, read = values_in(files)
    numbers = {value: number(value) for value in held}
    if None not in numbers.values():
        present = {n for n in numbers.values() if n is not None}
        if 0 in present != {0, 255} and max(present - {255}) < PAINTED:
            return  # the numbers of classes, though a sample need not hold all; 255 is ignored
        held = Counter({str(numbers[value]): count for value, count in held.items()})
    if not 1 < len(held) <= VALUES:
        if len(held) > VALUES and any(value is None for value in numbers.values()):
            found.unused.append(
                f"the masks hold {len(held)} colours (in a sample of {read}): so many come from "
                "JPEG or smoothed edges, and training will stop; save masks as PNG without these"
            )
        return
    usual = [value for value in ("0", TRANSPARENT, "#000000") if value in held]
    first = usual[0] if usual else max(held, key=held.__getitem__)
    keys = [first, *sorted(held.keys() - {first}, key=lambda value: (len(value), value))]
    several = [f"class {number}" for number in range(1, len(keys))]
    named = classes if len(classes) == len(keys) else ["background", *several]
    if len(keys) == 2 and named is not classes:
        named = ["background", "object"]
    pairs = [f"{value}={name}" for value, name in zip(keys, named, strict=True)]
    why = f"what the masks hold, in a sample of {read}; name them as you like"
    found.choose("mask_values", pairs, why)


def values_in(files: Sequence[Path]) -> tuple[Counter[str], int]:
    """The pixels of each value as the project spells them, and from how many masks."""
    by_number: Counter[str] = Counter()
    by_colour: Counter[str] = Counter()
    palette: dict[str, str] = {}
    left, read, differ = MOST, 0, False
    for file in files:
        try:
            found, colours, size = _png(file.read_bytes(), left)
        except (OSError, ValueError, LookupError, struct.error, zlib.error):
            continue  # what is no sound PNG is named when it is trained on
        left, read = left - size, read + 1
        for value, count in found.items():
            colour = colours.get(value, value)
            by_number[value] += count
            by_colour[colour] += count
            differ = differ or palette.setdefault(value, colour) != colour
        if left < 0:
            break
    return (by_colour if differ else by_number), read  # a tool numbers its colours in each file


def number(value: str) -> int | None:
    """The number that a value is, or that a grey stands for."""
    if value.isdecimal():
        return int(value)
    grey = len(value) == 7 and value[1:] == value[1:3] * 3
    return int(value[1:3], 16) if grey else None


def _png(data: bytes, most: int) -> tuple[Counter[str], dict[str, str], int]:
    """The pixels of each value, the colours of the numbers of a palette, and the bytes read."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    chunks = list(_chunks(data))
    width, _, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if interlaced:
        raise ValueError("in several passes")
    size = CHANNELS[kind] * depth  # bits of a pixel
    step, length = max(1, size // 8), (width * size + 7) // 8
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    raw = zlib.decompressobj().decompress(packed, max(most, 0) + length + 1)
    rows: Counter[bytes] = Counter()
    row = bytes(length)
    for start in range(0, len(raw) - length, length + 1):
        row = _unfiltered(raw[start], raw[start + 1 : start + 1 + length], row, step)
        rows[row] += 1  # masks have many rows that are the same
    held: Counter[str] = Counter()
    for row, count in rows.items():
        for value, pixels in _pixels(row, depth, kind, width).items():
            held[value] += count * pixels
    palette = next((content for name, content in chunks if name == b"PLTE"), b"")
    colours = (
        {str(n): f"#{palette[3 * n : 3 * n + 3].hex()}" for n in range(len(palette) // 3)}
        if kind == PALETTE
        else {}
    )
    return held, {value: colours[value] for value in held if value in colours}, len(raw)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(how: int, row: bytes, above: bytes, step: int) -> bytes:
    """A row as it was before PNG took from each byte what it expects there."""
    if how == 0 or (how == 2 and not any(row)):
        return above if how else row
    if how == 1:
        parts = [itertools.accumulate(row[n::step], lambda a, b: a + b & 255) for n in range(step)]
        return bytes(itertools.chain(*zip(*parts, strict=True)))
    if how == 2:
        return bytes([a + b & 255 for a, b in zip(row, above, strict=True)])
    now = bytearray(row)
    for n, up in enumerate(above):
        left = now[n - step] if n >= step else 0
        if how == 3:
            now[n] = now[n] + (left + up) // 2 & 255
            continue
        corner = above[n - step] if n >= step else 0
        guess = left + up - corner
        nearest = min((abs(guess - left), 0), (abs(guess - up), 1), (abs(guess - corner), 2))[1]
        now[n] = now[n] + (left, up, corner)[nearest] & 255
    return bytes(now)


def _pixels(row: bytes, depth: int, kind: int, width: int) -> Counter[str]:
    """How many pixels of each value a row has."""
    if depth < 8:
        bits = "".join(f"{byte:08b}" for byte in row)
        found = Counter(bits[n * depth : (n + 1) * depth] for n in range(width))
        scale = 1 if kind == PALETTE or depth == 1 else 255 // (2**depth - 1)  # as Pillow does
        return Counter({str(int(text, 2) * scale): count for text, count in found.items()})
    wide = depth // 8
    size = CHANNELS[kind] * wide
    values: Counter[str] = Counter()
    for value, count in Counter(row[n : n + size] for n in range(0, len(row), size)).items():
        if CHANNELS[kind] == 1:
            values[str(int.from_bytes(value))] += count
            continue
        parts = value[::wide]
        colour = bytes([parts[0]] * 3) + parts[1:] if kind == 4 else parts
        opaque = len(colour) == 3 or colour[3] == 255
        text = f"#{(colour[:3] if opaque else colour).hex()}"
        values[TRANSPARENT if len(colour) == 4 and not colour[3] else text] += count
    return values
