"""Run inside a rendered project: damaged files against its own code. See test_fuzz.py.

Usage: fuzz.py images|masks|tables COUNT FOLDER. What is found is printed as JSON; a crash is a
traceback.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from demo.config import Config, ConfigError, load
from demo.data import batches, source
from demo.data.check import FOLDER
from demo.data.load import load as read_all
from demo.kits.check_data import skip
from PIL import Image

Damage = Callable[[bytearray, random.Random], bytes]
FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP")
DELIMITERS = (",", ";", "\t")
PICTURES = 40  # beside a table


def flip(content: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def early(content: bytearray, chance: random.Random) -> bytes:
    """Damage to the header, which says how large the rest is."""
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(min(64, len(content)))] = chance.randrange(256)
    return bytes(content)


def cut(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content[: chance.randrange(len(content))])


def blank(content: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    length = min(chance.randint(1, 400), len(content) - start)
    content[start : start + length] = bytes(length)
    return bytes(content)


def stir(content: bytearray, chance: random.Random) -> bytes:
    """Take a piece out, and put it in elsewhere."""
    start, length = chance.randrange(len(content)), chance.randint(1, 60)
    piece = content[start : start + length]
    del content[start : start + length]
    place = chance.randint(0, len(content))
    return bytes(content[:place] + piece + content[place:])


def pictures(chance: random.Random) -> list[tuple[str, bytes]]:
    """Whole images of every format, in several modes and ways of writing."""
    pixels = np.random.default_rng(chance.randrange(1000)).integers(0, 256, (48, 64, 3), "uint8")
    image = Image.fromarray(pixels).resize((80, 60))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = []
    for form in FORMATS:
        for mode in ("RGB", "L", "P", "RGBA", "CMYK", "1"):
            for extra in ({}, {"exif": exif}, {"progressive": True}, {"optimize": True}):
                file = io.BytesIO()
                try:
                    image.convert(mode).save(file, form, **extra)
                except (OSError, KeyError, ValueError):
                    continue
                found.append((form, file.getvalue()))
    return found


def damaged_image(whole: list[tuple[str, bytes]], chance: random.Random) -> tuple[str, bytes]:
    form, content = chance.choice(whole)
    damage = chance.choice((flip, flip, early, cut, blank, stir, None))
    if damage is None:  # the begin of one format, the rest of another
        other = chance.choice(whole)[1]
        place = chance.choice((2, 4, 8, 16, 64))
        return form, other[:place] + content[place:]
    return form, damage(bytearray(content), chance)


def images(count: int, folder: Path) -> dict[str, Any]:
    """Each damaged image is an example that every epoch can read, or in the list of those not."""
    chance = random.Random(7)
    whole = pictures(chance)
    written = set()
    for number in range(count):
        form, content = damaged_image(whole, chance)
        file = folder / "ab"[number % 2] / f"{number} ü.{form.lower()}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        written.add(str(file))
    return outcome(settings(folder), written)


def mask_files(chance: random.Random) -> list[tuple[str, bytes]]:
    """Whole masks of every kind that is allowed, with three classes in them."""
    numbers = np.random.default_rng(chance.randrange(1000)).integers(0, 3, (12, 16), "uint8")
    found = []
    for form in ("PNG", "BMP", "GIF"):
        for mode in ("L", "P", "1") if form == "PNG" else ("L", "P"):  # others give "1" a palette
            mask = Image.fromarray(numbers)
            if mode == "P":  # in which GIF shows numbers anyway
                mask.putpalette([grey for grey in range(10) for _ in "rgb"])
            elif mode == "1":
                mask = Image.fromarray(numbers > 1)
            file = io.BytesIO()
            mask.resize((80, 60), Image.Resampling.NEAREST).save(file, form)
            found.append((form, file.getvalue()))
    return found


def masks(count: int, folder: Path) -> dict[str, Any]:
    """Each image with a damaged mask is an example that every epoch can read, or in the list."""
    chance = random.Random(7)
    shown, whole = pictures(chance), mask_files(chance)
    written = set()
    for number in range(count):
        form, content = chance.choice(shown)
        content += number.to_bytes(2)  # or copies of one image would have several masks
        image = folder / "images" / f"{number} ü.{form.lower()}"
        kind, numbers = damaged_image(whole, chance)
        mask = folder / "masks" / f"{number} ü.{kind.lower()}"
        for file, held in ((image, content), (mask, numbers)):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(held)
        written.add(str(image))
    config = settings(folder)
    head = config.head.model_copy(update={"classes": ("a", "b", "c")})
    return outcome(config.model_copy(update={"head": head}), written)


def outcome(config: Config, written: set[str]) -> dict[str, Any]:
    """What becomes of image files: where training stops at bad ones, and where it leaves them."""
    stopped = ""
    try:
        read_all(config)
    except ConfigError as problem:
        stopped = str(problem)
    skip.MOST_SKIPPED = 1.0
    skipping = config.data.model_copy(update={"on_bad_file": "skip"})
    config = config.model_copy(update={"data": skipping})
    with redirect_stdout(io.StringIO()):
        splits = read_all(config)
    parts = (splits.train, splits.validation, splits.test)
    read = sum(len(pixels) for part in parts for pixels, _ in batches.in_order(part, config.data))
    stream = batches.shuffled(splits.train, config.data, "strong", 7, 0, 1)
    trained = sum(len(pixels) for pixels, _ in stream)
    rows = (FOLDER / "left-out.tsv").read_text(encoding="utf-8").splitlines()
    left_out = {row.partition("\t")[0] for row in rows}
    kept = {file for part in parts for file in part.origins}
    return {
        "stopped": stopped,
        "kept": len(kept),
        "left_out": len(left_out),
        "read": read,
        "trained": trained == len(splits.train),
        "lost": sorted(written - kept - left_out),
        "twice": sorted(kept & left_out),
    }


def name_of(number: int) -> str:
    return f"{number}{' ü' * (number % 7 == 0)}.png"


def damaged_table(chance: random.Random) -> bytes:
    delimiter = chance.choice(DELIMITERS)
    rows = [["image", "label", "split"]]
    for number in range(chance.randint(1, PICTURES)):
        split = chance.choice(("train", "val", "test", "", ""))
        rows.append([name_of(number), chance.choice(("a", "b", 'b "c", d;\te')), split])
    rows += chance.sample(rows[1:], k=min(len(rows) - 1, chance.choice((0, 0, 1, 3))))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=chance.choice(("\n", "\r\n")))
    writer.writerows(rows)
    content = file.getvalue().encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "latin-1")))
    if chance.random() < 0.2:  # odd, but nothing is wrong with it
        return content.replace(b"\n", chance.choice((b"\n\n", b"\n \t \n", b"\n")))
    if chance.random() < 0.1:
        return content.decode("latin-1").encode("utf-16")
    if chance.random() < 0.4:  # a sign that means something in a table, where it does not belong
        place = chance.randint(0, len(content))
        sign = chance.choice((b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"../", b"\xff"))
        return content[:place] + sign + content[place:]
    damage = chance.choice((flip, cut, blank, stir, early))
    return damage(bytearray(content), chance) if content else content


def tables(count: int, folder: Path) -> dict[str, Any]:
    """Each damaged table is refused in a sentence, or all of its lines are examples."""
    chance = random.Random(7)
    folder.mkdir(parents=True)
    for number in range(PICTURES):
        Image.new("RGB", (24, 24), (number, 0, 0)).save(folder / name_of(number))
    table = folder / "table.csv"
    config = settings(table)
    outcomes: Counter[str] = Counter()
    lost = []
    for _ in range(count):
        content = damaged_table(chance)
        table.write_bytes(content)
        said = io.StringIO()
        try:
            with redirect_stdout(said):
                _, items = source.find(config)
        except ConfigError as problem:
            outcomes["refused"] += 1
            if str(table) not in str(problem):
                lost.append(str(problem))
            continue
        repeated = re.search(r"(\d+) lines repeat", said.getvalue())
        whole = len(items) + (int(repeated[1]) if repeated else 0)
        if whole not in lines(content):
            lost.append(content.decode("latin-1"))
        try:
            with redirect_stdout(io.StringIO()):
                splits = read_all(config)
        except ConfigError:
            outcomes["found, but refused"] += 1
            continue
        outcomes["read"] += 1
        assert sum(map(len, (splits.train, splits.validation, splits.test))) == len(items)
    return {"lost": lost, **outcomes}


def lines(content: bytes) -> set[int]:
    """How many lines of images there are, by each delimiter that could be meant."""
    text = content.decode("utf-8-sig")
    counts = set()
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        counts.add(sum(any(cell.strip() for cell in row) for row in rows) - 1)
    return counts


def settings(path: Path) -> Config:
    config = load(Path("config.toml"))
    values = {"path": path, "image_size": 16, "batch_size": 32, "validation": 0.2, "test": 0.2}
    head = config.head.model_copy(update={"classes": (), "outputs": 0})
    update = {"data": config.data.model_copy(update=values), "head": head}
    return config.model_copy(update=update)


if __name__ == "__main__":
    what, number, where = sys.argv[1:]
    found = {"images": images, "masks": masks, "tables": tables}[what](int(number), Path(where))
    print(json.dumps(found, ensure_ascii=True))
