"""A folder of images: with masks, or one folder a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from frostline.answers.questions import BY_KEY
from frostline.errors import UserError
from frostline.looking import names, pixels, project_code
from frostline.looking.found import Found
from frostline.looking.headers import sizes

SPLITS = ("train", "validation", "test")
MASK_WORDS = re.compile(r"(?i)mask|label|annot|seg|gt|truth|trimap")  # a quick first look
SAMPLE = 200  # images whose size is read
MANY = 100  # classes that would not be listed
RARE = 3  # times as many images in the largest class as in the smallest
TABLES = (".csv", ".tsv")
TASKS = ("binary", "multiclass")  # what class folders are good for


@dataclass(frozen=True)
class Files:
    """What is in a folder: the images, as parts of their paths, and how many others of a kind."""

    root: Path
    images: list[tuple[str, ...]]
    unused: Counter[str]


def files_in(root: Path) -> Files:
    """What the project will find there."""
    unused: Counter[str] = Counter()
    try:
        images = list(project_code.walk().walk(str(root), unused))
    except project_code.walk().FolderError as problem:
        raise UserError(str(problem)) from None
    if not images:
        rest = f": {', '.join(f'{n} {why}' for why, n in unused.items())}" if unused else ""
        raise UserError(f"{root} holds no images{rest}")
    return Files(root, images, unused)


def tables_in(root: Path) -> list[Path]:
    """The tables that lie beside the images."""
    files = root.iterdir() if root.is_dir() else ()
    return sorted(file for file in files if file.suffix.lower() in TABLES)


def has_masks(files: Files) -> bool:
    """Whether most of what is called a mask has its image."""
    if not any(MASK_WORDS.search("/".join(path)) for path in files.images):
        return False
    found: dict[bool, set[Any]] = {True: set(), False: set()}
    for _, is_mask, key in project_code.masks().keys_of(files.images):
        found[is_mask].add(key.rest)
    return bool(found[True]) and 2 * len(found[True] & found[False]) >= len(found[True])


def read(module: ModuleType, files: Files, splits: str) -> tuple[list[Any], list[str]]:
    """The images as the project will read them, and its remarks."""
    try:
        found: tuple[list[Any], list[str]] = module.read(
            str(files.root), files.images, Counter(files.unused), splits
        )
    except project_code.walk().FolderError as problem:
        raise UserError(re.sub(r'splits = "(\w+)"', r"--splits \1", str(problem))) from None
    return found


def masks(files: Files, splits: str, found: Found, classes: Sequence[str] = ()) -> None:
    """Images with a mask each."""
    images, notes = read(project_code.masks(), files, splits)
    found.saw.append(f"{len(images)} images, each with a mask{_split_text(images)}")
    found.choose("task", "segmentation", "masks say what each pixel shows")
    found.choose("data", "folder")
    pixels.name_values(
        [files.root.joinpath(*image.mask) for image in spread(images)], classes, found
    )
    _common(files.root, images, [], splits, found)
    found.unused += notes


def classes(files: Files, splits: str, task: str | None, found: Found) -> bool:
    """Class folders; false where the images are in fewer than two."""
    images, notes = read(project_code.class_folders(), files, splits)
    counts = Counter(image.label for image in images)
    if len(counts) < 2:
        return False
    listed = names.ordered(counts)
    if task is None:
        _refuse_kinds(listed)
    shown = ", ".join(f"{name} {counts[name]}" for name in listed[:8])
    more = f" … {len(counts)} in all" if len(counts) > 8 else ""
    found.saw.append(f"{len(images)} images in class folders: {shown}{more}{_split_text(images)}")
    set_classes(listed, task, found)
    balance(counts, found)
    found.choose("data", "folder", "a folder for each class")
    _common(files.root, images, listed, splits, found)
    found.unused += notes
    if names.no_classes(listed):
        found.unused.append(
            f"the classes are called as persons, days or cards of a camera: is {listed[0]} what "
            "its images show? If not, make a folder for each class, or give a table with --table"
        )
    return True


def _refuse_kinds(listed: Sequence[str]) -> None:
    """Stop where folders may be classes, or images and their masks."""
    layout = project_code.masks()
    kinds = {name: re.split(r"[-_. ]+", name.lower()) for name in listed}
    images = [x for x, words in kinds.items() if all(map(layout.IMAGE.fullmatch, words))]
    masks = [x for x, words in kinds.items() if any(map(layout.MASK.fullmatch, words))]
    if images and masks:
        raise UserError(
            f"the folders {images[0]} and {masks[0]} may be classes, or images with their masks, "
            "but the names of the files are not alike; --task multiclass takes them for classes, "
            "and --task segmentation says which image has no mask"
        )


def set_classes(listed: list[str], task: str | None, found: Found) -> None:
    """The classes in the order of the outputs, and the task that they make."""
    if (task or "binary") == "binary" and len(listed) == 2:
        listed = names.to_find_last(listed)
        why = f"of two classes, {listed[1]} is the one to find; --task multiclass treats both alike"
        found.choose("task", "binary", why)
    else:
        found.choose("task", "multiclass", f"{len(listed)} classes")
    try:
        usable = BY_KEY["classes"].valid(listed) == listed
    except UserError:
        usable = False
    if usable and len(listed) <= MANY and len({x.casefold() for x in listed}) == len(listed):
        found.choose("classes", listed)


def balance(counts: Counter[str], found: Found) -> None:
    """Rare classes count as much as common ones."""
    (most, many), (least, few) = counts.most_common(1)[0], counts.most_common()[-1]
    if many > RARE * few:
        found.choose("class_weights", "balanced", f"{most} has {many} images, and {least} {few}")


def _split_text(images: Sequence[Any]) -> str:
    counts = Counter(image.split for image in images)
    given = [f"{split} {counts[split]}" for split in SPLITS if counts[split]]
    missing = [split for split in SPLITS if not counts[split]]
    if not given:
        return "; no split folders: validation and test are held out"
    held = f"; {' and '.join(missing)} held out of train" if missing else ""
    return f"; split folders: {', '.join(given)}{held}"


def _common(
    root: Path, images: Sequence[Any], listed: Sequence[str], splits: str, found: Found
) -> None:
    """What is chosen alike for classes and masks."""
    if splits == "auto" and any(image.split for image in images):
        found.choose("splits", "folders")
    missing = {"validation", "test"} - {image.split for image in images}
    paths = ["/".join(image.path) for image in images]
    labels = [image.label if listed else "" for image in images]
    pattern, why = names.group(root.absolute().as_posix() + "/", paths, labels, sorted(missing))
    if pattern:
        found.choose("group", pattern, why)
    elif why:
        found.unused.append(why)
    flip(listed, root, found)
    set_sizes([root.joinpath(*image.path) for image in spread(images)], found)


def flip(listed: Sequence[str], root: Path, found: Found) -> None:
    """Whether images may be mirrored, where that is not as usual."""
    how, why = names.flip(listed, root.absolute().name)
    if found.answers["task"] != "regression":
        found.choose("flip", how, why)


def spread(items: Sequence[Any]) -> Sequence[Any]:
    """A sample from all parts of a sequence."""
    return items[:: max(1, len(items) // SAMPLE)]


def set_sizes(files: Sequence[Path], found: Found) -> None:
    """The sizes of a sample of images."""
    found.sizes = sizes(files)
    if found.sizes:
        widths, heights = zip(*found.sizes, strict=True)
        found.saw.append(
            f"sizes from {min(widths)}x{min(heights)} to {max(widths)}x{max(heights)} pixels "
            f"(in a sample of {len(found.sizes)})"
        )
