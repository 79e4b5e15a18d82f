"""Which data source, classes, outputs and sample images go with a task."""

from __future__ import annotations

import re

from frostline.answers.rules.rule import Earlier, Facts, Rules

ONE_LABEL = {"folder": "folder", "csv": "csv", "tfrecord": "tfrecord", "tfds": "tfds"}
NO_FOLDER = {"csv": "csv", "tfrecord": "tfrecord"}
TASKS: dict[str, tuple[str, dict[str, str], list[str]]] = {
    # For each task what it says of an image; its sources, the first of them the default, with the
    # partial of the template that reads each; the classes, labels or targets of its sample.
    "multiclass": ("one of several classes", ONE_LABEL, ["five", "six", "seven", "eight", "nine"]),
    "binary": ("one class or the other", ONE_LABEL, ["five", "six"]),
    "multilabel": ("any of several labels", NO_FOLDER, ["five", "six", "seven", "eight", "nine"]),
    "regression": ("numbers", NO_FOLDER, ["angle"]),
    "segmentation": (
        "a class for each pixel",
        {"folder": "masks", "tfrecord": "tfrecord"},
        ["ground", "stroke"],
    ),
}
SOURCES = {task: sources for task, (_, sources, _) in TASKS.items()}
SAMPLE_CLASSES = {task: classes for task, (_, _, classes) in TASKS.items()}
NO_SOURCE = {
    "folder": "a folder gives one class for each image",
    "csv": "a table cannot hold masks",
    "tfds": "its data sets are read with one class for each image",
}
SINGLE_FILES = ("folder", "csv")
OUTPUTS = {"multilabel": "labels", "regression": "targets"}  # of the other tasks: classes


def _data(source: str, earlier: Earlier, facts: Facts) -> str | None:
    task = earlier["task"]
    if source in SOURCES[task]:
        return None
    return (
        f"--task {task} takes --data {' or '.join(SOURCES[task])}, not {source}: "
        f"{NO_SOURCE[source]}"
    )


def _table(file: str, earlier: Earlier, facts: Facts) -> str | None:
    if file and "csv" not in SOURCES[earlier["task"]]:
        return f"--task {earlier['task']} has no --table: {NO_SOURCE['csv']}"
    return None


def _group(text: str, earlier: Earlier, facts: Facts) -> str | None:
    try:
        re.compile(text if earlier["data"] == "folder" else "")
    except re.error as problem:
        return f"--group {text} is not a regular expression: {problem}"
    return None


def _classes(names: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if "" in names:
        return f"--classes has an empty name in position {names.index('') + 1}"
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
            f"--task binary has two classes, and --classes has {len(names)}; name the "
            "one to find second, or take --task multiclass"
        )
    if task in ("multiclass", "segmentation") and len(names) == 1:
        return f"--classes has only '{names[0]}'; --task {task} needs two classes or more"
    return None


def _outputs(number: int, earlier: Earlier, facts: Facts) -> str | None:
    named, task = len(earlier["classes"]), earlier["task"]
    if task == "binary":
        if number in (0, 2):
            return None
        return f"--task binary has two classes, not {number}; leave out --outputs"
    if named and number not in (0, named):
        return f"--outputs {number} contradicts the {named} names of --classes"
    if number == 1 and task in ("multiclass", "segmentation"):
        return f"--outputs 1 is too few; --task {task} needs two classes or more"
    return None


def _mask_values(items: list[str], earlier: Earlier, facts: Facts) -> str | None:
    for item in items:
        value, _, name = item.partition("=")
        if not re.fullmatch(r"[0-9]{1,5}|#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?|transparent", value):
            return (
                f"--mask-values has '{item}', and an item of it is a number, a colour such as "
                "#ff0000, or transparent, with = and the name of its class"
            )
    named = {name for item in items if (name := item.partition("=")[2])}
    if items and len(named) < 2:
        return f"--mask-values names {len(named)} classes; it takes two or more"
    if earlier["classes"] and (odd := named - set(earlier["classes"])):
        return f"--mask-values names {sorted(odd)[0]}, and --classes does not; leave out --classes"
    return None


def _sample_data(wanted: bool, earlier: Earlier, facts: Facts) -> str | None:
    named, number, task = earlier["classes"], earlier["outputs"], earlier["task"]
    shown = SAMPLE_CLASSES[task]
    what = OUTPUTS.get(task, "classes")
    if wanted and (earlier["images"] or earlier["table"]):
        return "the sample images take the place of your own; leave out --sample-data or --images"
    if wanted and earlier["mask_values"]:
        return "the sample masks hold 0 and 1; leave out --sample-data or --mask-values"
    if wanted and earlier["data"] not in SINGLE_FILES:
        ways = " or ".join(source for source in SOURCES[task] if source in SINGLE_FILES)
        return (
            f"the sample images are single files, which --data {earlier['data']} cannot read; "
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


EXAMPLES: Rules = {
    "table": _table,
    "data": _data,
    "group": _group,
    "classes": _classes,
    "outputs": _outputs,
    "mask_values": _mask_values,
    "sample_data": _sample_data,
}
