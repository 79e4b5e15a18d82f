"""Draw the sample data of generated projects from scikit-learn's handwritten digits 5 to 9.

Each task has an archive of its own. The bundled backbone was pretrained on the digits 0 to 4,
drawn the same way (`tools/tiny.py`). Within an archive no scan is drawn twice, so that none is in
two splits.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from digits import SIDE, draw, paint, place, png, scans

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "template/{{cookiecutter.project_slug}}/data"
CLASSES = {"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
SPLITS = {  # images in each split; for multiclass and binary, of each class
    "multiclass": {"train": 20, "validation": 12, "test": 60},
    "binary": {"train": 24, "validation": 16, "test": 80},
    "multilabel": {"train": 150, "validation": 60, "test": 150},
    "regression": {"train": 180, "validation": 50, "test": 120},
    "segmentation": {"train": 60, "validation": 30, "test": 90},
}
SEED = 59
TURN = 60  # degrees to either side
INKED = 0.5  # a pixel with at least this much ink belongs to the stroke
MASK = np.array([[20, 20, 60], [255, 220, 90]], dtype=np.uint8)  # palette to show 0 and 1 in
CHANGES = {  # which the licence requires to state
    "multiclass": "digits 5 to 9: enlarged, turned a little, moved, coloured",
    "binary": "digits 5 and 6: enlarged, turned a little, moved, coloured",
    "multilabel": "digits 5 to 9: enlarged, turned a little, moved, coloured, one or two a picture",
    "regression": "digits 7 and 9: enlarged, moved, coloured, turned as labels.csv says",
    "segmentation": "digits 5 to 9: enlarged, turned a little, moved, coloured; masks of their ink",
}
CREDITS = """\
The pictures in this folder show handwritten digits from the data set
"Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998),
UCI Machine Learning Repository, https://doi.org/10.24432/C50P49,
licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).

Changes to the 8 by 8 scans, as distributed with scikit-learn,
{changes}.
They are shown on a drawn ground of 32 by 32 pixels.
No scan appears in more than one of train, validation and test.
"""
Files = dict[str, bytes]
Scans = Iterator[np.ndarray]


def archive_of(task: str) -> Path:
    """The archive for a task in the template, under a name that only this task renders."""
    wanted = f"cookiecutter.sample_data == 'yes' and cookiecutter.task == '{task}'"
    return FOLDER / f"{{% if {wanted} %}}sample.zip{{% endif %}}"


def classes(task: str, names: Sequence[str]) -> Files:
    """Draw one digit a picture, in class folders and as a table."""
    images, labels = scans(range(5, 10))
    files: Files = {}
    rows = ["image,label,split"]
    for name in names:
        digit = CLASSES[name]
        rng = np.random.default_rng([SEED, digit])
        order = iter(rng.permutation(np.flatnonzero(labels == digit)))
        for split, count in SPLITS[task].items():
            for number in range(count):
                path = f"{split}/{name}/{number:03}.png"
                files[path] = png(*draw(images[next(order)], rng))
                rows.append(f"{path},{name},{split}")
    return files | table(rows)


def multiclass() -> Files:
    """Draw five digits to tell apart."""
    return classes("multiclass", tuple(CLASSES))


def binary() -> Files:
    """Draw one digit against another."""
    return classes("binary", ("five", "six"))


def multilabel() -> Files:
    """Draw one digit, or two different ones side by side, and name all that are there."""
    rng = np.random.default_rng([SEED, 1])
    piles = {name: shuffled(digit, rng) for name, digit in CLASSES.items()}
    files: Files = {}
    rows = [",".join(["image", *CLASSES, "split"])]
    for split, path in places("multilabel"):
        shown = list(rng.permutation(list(CLASSES))[: rng.integers(1, 3)])
        offset = rng.uniform(6, 8) * rng.choice([-1, 1])
        ink = np.zeros((SIDE, SIDE))
        for name, side in zip(shown, (offset, -offset), strict=False):
            center = (SIDE - 1) / 2 + np.array([rng.uniform(-5, 5), side])
            scale = rng.uniform(17, 21) / 8
            ink = np.maximum(ink, place(next(piles[name]), center, scale, rng.uniform(-0.2, 0.2)))
        files[path] = png(*paint(ink, rng))
        rows.append(",".join([path, *(str(int(name in shown)) for name in CLASSES), split]))
    return files | table(rows)


def regression() -> Files:
    """Draw a seven or a nine, turned clockwise by so many degrees."""
    rng = np.random.default_rng([SEED, 2])
    piles = [shuffled(7, rng), shuffled(9, rng)]
    files: Files = {}
    rows = ["image,angle,split"]
    for number, (split, path) in enumerate(places("regression")):
        angle = rng.integers(-TURN * 10, TURN * 10 + 1) / 10
        center = (SIDE - 1) / 2 + rng.uniform(-3, 3, 2)
        scale = rng.uniform(21, 25) / 8
        scan = next(piles[number % 2])
        files[path] = png(*paint(place(scan, center, scale, np.radians(angle)), rng))
        rows.append(f"{path},{angle},{split}")
    return files | table(rows)


def segmentation() -> Files:
    """Draw a digit on a textured background, and a mask of its stroke."""
    rng = np.random.default_rng([SEED, 3])
    piles = [shuffled(digit, rng) for digit in CLASSES.values()]
    files: Files = {}
    for split, count in SPLITS["segmentation"].items():
        for number in range(count):
            center = (SIDE - 1) / 2 + rng.uniform(-4, 4, 2)
            scale = rng.uniform(21, 29) / 8
            ink = place(next(piles[number % 5]), center, scale, rng.uniform(-0.4, 0.4))
            name = f"{number:03}.png"
            files[f"{split}/images/{name}"] = png(*paint(ink, rng, rough=(0.4, 0.6)))
            files[f"{split}/masks/{name}"] = png((ink >= INKED).astype(np.uint8), MASK)
    return files


def shuffled(digit: int, rng: np.random.Generator) -> Scans:
    """Yield the scans of a digit in random order, each once."""
    images, labels = scans(range(digit, digit + 1))
    return (images[index] for index in rng.permutation(len(labels)))


def places(task: str) -> Iterator[tuple[str, str]]:
    """List the images of a task whose labels are in a table, each with its split."""
    number = 0
    for split, count in SPLITS[task].items():
        for _ in range(count):
            yield split, f"images/{number:03}.png"
            number += 1


def table(rows: list[str]) -> Files:
    """Write the rows of labels.csv."""
    return {"labels.csv": "\n".join([*rows, ""]).encode()}


MADE: dict[str, Callable[[], Files]] = {
    "multiclass": multiclass,
    "binary": binary,
    "multilabel": multilabel,
    "regression": regression,
    "segmentation": segmentation,
}


def members(task: str) -> Files:
    """Draw everything for a task, under the names that the archive has."""
    files = {"CREDITS.txt": CREDITS.format(changes=CHANGES[task]).encode(), **MADE[task]()}
    return {f"sample/{path}": content for path, content in files.items()}


def archive(files: Files) -> bytes:
    """Pack the files in one order and with one date, so that equal content is equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            if path.endswith(".csv"):  # PNG files are compressed already
                entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[path])
    return buffer.getvalue()


if __name__ == "__main__":
    for task in MADE:
        size = archive_of(task).write_bytes(archive(members(task)))
        print(f"{task:12} {size:9,} bytes of sample images")
