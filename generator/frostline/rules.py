"""Which answers make sense together: for each question the sentence that refuses an answer.

`tools/sync.py` copies this module into the pre-generation hook, so that stock cookiecutter
refuses the same answers in the same words: it uses the standard library only. A rule sees the
earlier answers, and the row of the chosen backbone in the template's table; an answer that makes
no difference is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from frostline.names import folder_problem, package_problem

SAMPLE_CLASSES = {
    "multiclass": ["five", "six", "seven", "eight", "nine"],
    "binary": ["five", "six"],
    "multilabel": ["five", "six", "seven", "eight", "nine"],
    "regression": ["angle"],
    "segmentation": ["ground", "stroke"],
}
SOURCES = {  # for each task its sources, and the partial of the template that reads each
    "multiclass": {"folder": "folder", "csv": "csv", "tfrecord": "tfrecord", "tfds": "tfds"},
    "binary": {"folder": "folder", "csv": "csv", "tfrecord": "tfrecord", "tfds": "tfds"},
    "multilabel": {"csv": "csv", "tfrecord": "tfrecord"},
    "regression": {"csv": "csv", "tfrecord": "tfrecord"},
    "segmentation": {"folder": "masks", "tfrecord": "tfrecord"},
}
NO_SOURCE = {
    "folder": "a folder says one class of its images",
    "csv": "a table has no place for masks",
    "tfds": "its data sets are read for one class an image",
}
SINGLE_FILES = ("folder", "csv")
OUTPUTS = {"multilabel": "labels", "regression": "targets"}  # of the other tasks: classes
MODEL_FILES = (".keras", ".h5", ".hdf5")
LARGEST_IMAGE = 4096
Earlier = dict[str, Any]
Facts = dict[str, Any]


def _freeze(strategy: str, earlier: Earlier, facts: Facts) -> str | None:
    if strategy == "norm" and facts["module"] != "custom" and not facts["norm_kinds"]:
        return (
            f"{earlier['backbone']} has no normalisation layers for --freeze norm to train; choose "
            "another strategy, such as top, or a backbone that has them, such as ResNet50"
        )
    return None


def _name(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if not text:
        return "--name is empty; a project needs a name"
    if text.startswith(("./", "../", "/", "~/", "\\", ".\\", "..\\")) or text[1:3] == ":\\":
        return (
            f"the name '{text}' is a path; where the project goes is said before the options: "
            "frostline new DIRECTORY"
        )
    return None


def _project_slug(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if not text:
        return f"no folder name can be made from '{earlier['name']}'; give one as DIRECTORY"
    return folder_problem(text)


def _package(text: str, earlier: Earlier, facts: Facts) -> str | None:
    problem = package_problem(text)
    if problem is None:
        return None
    stem = "".join(
        letter if letter.isalnum() else "_" for letter in text.lower() if letter < "\x7f"
    )
    stem = stem.strip("_")[:32]
    other = f"{stem}_net" if stem[:1].isalpha() else f"net_{stem}".rstrip("_")
    return f"{problem}; choose another, such as --package {other}"


def _weights(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if facts["module"] == "custom" and text in ("", "imagenet", "none"):
        return "the backbone custom is your own model: --weights names its .keras or .h5 file"
    if text == "imagenet" and facts["weights"] != "imagenet":
        return f"{earlier['backbone']} has no ImageNet weights; leave --weights out, or say none"
    if text in ("imagenet", "none") or PurePath(text).suffix.lower() in MODEL_FILES:
        return None
    words = "" if facts["module"] == "custom" else "imagenet, none or "
    return f"--weights is {words}a .keras or .h5 file, not '{text}'"


def _head(choice: str, earlier: Earlier, facts: Facts) -> str | None:
    if choice == "keep" and earlier["task"] == "segmentation":
        return (
            "--head keep is for models that say something of a whole image; --task segmentation "
            "takes a new head"
        )
    return None


def _data(source: str, earlier: Earlier, facts: Facts) -> str | None:
    task = earlier["task"]
    if source in SOURCES[task]:
        return None
    return (
        f"--task {task} takes --data {' or '.join(SOURCES[task])}, not {source}: "
        f"{NO_SOURCE[source]}"
    )


def _classes(names: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if "" in names:
        return f"--classes has an empty name as number {names.index('') + 1}"
    in_folders = earlier["data"] == "folder" and earlier["task"] != "segmentation"
    folded = [name.casefold() if in_folders else name for name in names]
    for number, name in enumerate(names):
        if folded[number] in folded[:number]:
            twin = names[folded.index(folded[number])]
            return (
                f"--classes has '{name}' twice"
                if twin == name
                else (f"--classes has '{twin}' and '{name}', which are one folder on many systems")
            )
        if in_folders and ("/" in name or "\\" in name or name in (".", "..")):
            return f"the class '{name}' cannot be the name of a folder of images"
    return _too_few(names, earlier["task"]) if names else None


def _too_few(names: list[str], task: str) -> str | None:
    if task == "binary" and len(names) != 2:
        return (
            f"--task binary tells two classes apart, and --classes has {len(names)}; name the "
            "one to find second, or take --task multiclass"
        )
    if task in ("multiclass", "segmentation") and len(names) == 1:
        return f"--classes has only '{names[0]}'; telling apart takes two classes or more"
    return None


def _outputs(number: int, earlier: Earlier, facts: Facts) -> str | None:
    named, task = len(earlier["classes"]), earlier["task"]
    if task == "binary":
        if number in (0, 2):
            return None
        return f"--task binary tells two classes apart, not {number}; leave out --outputs"
    if named and number not in (0, named):
        return f"--outputs {number} disagrees with the {named} names of --classes"
    if number == 1 and task in ("multiclass", "segmentation"):
        return "--outputs 1 leaves nothing to tell apart; it takes two classes or more"
    return None


def _image_size(pixels: int, earlier: Earlier, facts: Facts) -> str | None:
    if pixels < facts["min_size"]:
        return (
            f"--image-size {pixels} is too small: "
            f"{earlier['backbone']} takes {facts['min_size']} or more"
        )
    if pixels > LARGEST_IMAGE:
        return f"--image-size {pixels} is too large: {LARGEST_IMAGE} is the most"
    return None


def _unfreeze_blocks(number: int | str, earlier: Earlier, facts: Facts) -> str | None:
    blocks, name = len(facts["blocks"]), earlier["backbone"]
    if facts["module"] == "custom":
        blocks = 9
        if number == "all":
            return (
                "how many blocks your own model has is known at run time only; "
                "give --unfreeze-blocks a number, or take --freeze full"
            )
    if isinstance(number, int) and not 1 <= number <= blocks:
        return (
            f"--unfreeze-blocks {number} is out of range: {name} has 1 to {blocks} blocks to thaw; "
            f"'frostline show {name}' lists them"
        )
    return None


def _layers(selectors: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if selectors and "" not in selectors:
        return None
    what = "has an empty selector" if selectors else "is needed with --freeze layers"
    return (
        f"--layers {what}: it says which layers train, such as --layers 'block:-1'; "
        f"'frostline show {earlier['backbone']}' lists them"
    )


def _filters(entries: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if entries and "" not in entries:
        return None
    what = "has an empty entry" if entries else "is needed with --freeze filters"
    return (
        f"--filters {what}: it says which filters of which convolution stay as they are, such as "
        "--filters 'conv5_block3_3_conv:0-63' on ResNet50; "
        f"'frostline show {earlier['backbone']}' lists the layers"
    )


def _batch_norm(policy: str, earlier: Earlier, facts: Facts) -> str | None:
    if earlier["freeze"] == "norm":
        return (
            None
            if policy == "train"
            else (
                f"--freeze norm trains the normalisation layers and --batch-norm {policy} holds "
                "them; leave one of the two out"
            )
        )
    if (
        policy != "frozen"
        and facts["module"] != "custom"
        and "BatchNormalization" not in facts["norm_kinds"]
    ):
        return (
            f"{earlier['backbone']} has no BatchNormalization for --batch-norm {policy}; "
            "leave it out"
        )
    return None


def _sample_data(wanted: bool, earlier: Earlier, facts: Facts) -> str | None:
    named, number, task = earlier["classes"], earlier["outputs"], earlier["task"]
    shown = SAMPLE_CLASSES[task]
    what = OUTPUTS.get(task, "classes")
    if wanted and earlier["data"] not in SINGLE_FILES:
        ways = " or ".join(source for source in SOURCES[task] if source in SINGLE_FILES)
        return (
            f"the sample images are single files, and --data {earlier['data']} reads none; "
            f"take --data {ways}, or leave out --sample-data"
        )
    if wanted and named and sorted(named) != sorted(shown):
        return (
            f"the sample images show {', '.join(shown)}, not your {what}; "
            "leave out --sample-data or --classes"
        )
    if wanted and number not in (0, len(shown)):
        return (
            f"the sample images show {len(shown)} {what}, not {number}; "
            "leave out --sample-data or --outputs"
        )
    return None


RULES: dict[str, Callable[[Any, Earlier, Facts], str | None]] = {
    "freeze": _freeze,
    "name": _name,
    "project_slug": _project_slug,
    "package": _package,
    "weights": _weights,
    "head": _head,
    "data": _data,
    "classes": _classes,
    "outputs": _outputs,
    "image_size": _image_size,
    "unfreeze_blocks": _unfreeze_blocks,
    "layers": _layers,
    "filters": _filters,
    "batch_norm": _batch_norm,
    "sample_data": _sample_data,
}
