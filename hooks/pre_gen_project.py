"""Refuse invalid answers, since stock cookiecutter validates nothing itself.

Cookiecutter renders the answers into the end of this file before it runs it. No file is changed
here.
"""

# --- copied by tools/sync.py: names.py, rules and the questions ---
from __future__ import annotations
from collections.abc import Callable
from pathlib import PurePath
from typing import Any
import json
import keyword
import re
import sys
import unicodedata

RESERVED_BY_WINDOWS = {"con", "prn", "aux", "nul"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789"
}
IMPORTED_BY_THE_PROJECT = {
    "absl",
    "click",
    "cv2",
    "frostline",
    "grpc",
    "h5py",
    "helpers",
    "jinja2",
    "keras",
    "matplotlib",
    "ml_dtypes",
    "mlflow",
    "mypy",
    "namex",
    "numpy",
    "optree",
    "packaging",
    "pandas",
    "pil",
    "pip",
    "pydantic",
    "pytest",
    "questionary",
    "requests",
    "rich",
    "ruff",
    "scipy",
    "setuptools",
    "sklearn",
    "src",
    "tensorboard",
    "tensorflow",
    "test",
    "tests",
    "tomllib",
    "wheel",
    "wrapt",
    "yaml",
}


def text_problem(text: str) -> str | None:
    """Control characters and lone surrogates cannot be written to every kind of file."""
    for character in text:
        code = ord(character)
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE:
            return (
                f"{text!a} contains the character U+{code:04X}; "
                "line breaks and control characters are not allowed"
            )
    return None


def folder_problem(name: str) -> str | None:
    """A folder name has to be valid on every system, and as the name of a Python distribution."""
    if re.search(r"[/\\:]", name) or name in ("", ".", ".."):
        return f"'{name}' is a path, and the name of a folder is expected"
    if name.casefold().split(".")[0] in RESERVED_BY_WINDOWS:
        return f"the folder name '{name}' is reserved by Windows"
    if len(name) > 64:
        return f"the folder name '{name[:20]}…' is longer than 64 characters"
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
        return (
            f"the folder name '{name}' may contain only letters (a to z) and digits, "
            "with -, _ or . between them"
        )
    return None


def package_problem(name: str) -> str | None:
    """A package name has to be importable, and must not shadow a module that the project needs."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return (
            f"the package name '{name}' may contain only lower-case letters, digits and _, "
            "and has to start with a letter"
        )
    if len(name) > 40:
        return f"the package name '{name[:20]}…' is longer than 40 characters"
    for rule, names in {
        "a keyword of Python": keyword.kwlist,
        "a module of the standard library": sys.stdlib_module_names,
        "a package that the project or its tools import": IMPORTED_BY_THE_PROJECT,
        "reserved by Windows": RESERVED_BY_WINDOWS,
    }.items():
        if name in names:
            return f"the package name '{name}' is {rule}"
    return None

Earlier = dict[str, Any]  # the answers so far
Facts = dict[str, Any]  # the backbone's entry in the template's table
Rules = dict[str, Callable[[Any, Earlier, Facts], str | None]]

def _name(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if not text:
        return "--name is empty; a project needs a name"
    if text.startswith(("./", "../", "/", "~/", "\\", ".\\", "..\\")) or text[1:3] == ":\\":
        return (
            f"the name '{text}' is a path; the folder of the project is an argument: "
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


NAMING: Rules = {
    "name": _name,
    "project_slug": _project_slug,
    "package": _package,
}

MODEL_FILES = (".keras", ".h5", ".hdf5")
LARGEST_IMAGE = 4096


def _weights(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if facts["module"] == "custom" and text in ("", "imagenet", "none"):
        return "the backbone custom is your own model: --weights names its .keras or .h5 file"
    if facts["module"] == "custom" and text.lower().endswith(".weights.h5"):
        return f"{text} is named as weights only: save the whole model, as model.save('x.keras')"
    if text == "imagenet" and facts["weights"] != "imagenet":
        return f"{earlier['backbone']} has no ImageNet weights; leave --weights out, or take none"
    if text in ("imagenet", "none") or PurePath(text).suffix.lower() in MODEL_FILES:
        return None
    words = "" if facts["module"] == "custom" else "imagenet, none or "
    return f"--weights is {words}a .keras or .h5 file, not '{text}'"


def _allow_random(allowed: bool, earlier: Earlier, facts: Facts) -> str | None:
    if allowed or earlier["weights"] != "none" or earlier["freeze"] == "none":
        return None
    return (
        f"--freeze {earlier['freeze']} freezes layers, and with --weights none theirs are random: "
        "take pretrained weights or --freeze none, or say that it is meant with --allow-random"
    )


def _image_size(pixels: int, earlier: Earlier, facts: Facts) -> str | None:
    if pixels < facts["min_size"]:
        return (
            f"--image-size {pixels} is too small: "
            f"{earlier['backbone']} takes {facts['min_size']} or more"
        )
    if pixels > LARGEST_IMAGE:
        return f"--image-size {pixels} is too large: {LARGEST_IMAGE} is the maximum"
    return None


def _head(choice: str, earlier: Earlier, facts: Facts) -> str | None:
    if choice == "keep" and earlier["task"] == "segmentation":
        return (
            "--head keep is for models that predict one output for a whole image; --task "
            "segmentation needs a new head"
        )
    return None


MODEL: Rules = {
    "weights": _weights,
    "allow_random": _allow_random,
    "image_size": _image_size,
    "head": _head,
}

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

def _freeze(strategy: str, earlier: Earlier, facts: Facts) -> str | None:
    if strategy == "norm" and facts["module"] != "custom" and not facts["norm_kinds"]:
        return (
            f"{earlier['backbone']} has no normalisation layers for --freeze norm to train; choose "
            "another strategy, such as top, or a backbone that has them, such as ResNet50"
        )
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
            f"--unfreeze-blocks {number} is out of range: {name} has 1 to {blocks} blocks to "
            f"unfreeze; 'frostline show {name}' lists them"
        )
    return None


def _layers(selectors: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if selectors and "" not in selectors:
        return None
    what = "has an empty selector" if selectors else "is needed with --freeze layers"
    return (
        f"--layers {what}: it names the layers that train, such as --layers 'block:-1'; "
        f"'frostline show {earlier['backbone']}' lists them"
    )


def _filters(entries: list[str], earlier: Earlier, facts: Facts) -> str | None:
    if entries and "" not in entries:
        return None
    what = "has an empty entry" if entries else "is needed with --freeze filters"
    return (
        f"--filters {what}: it names the filters of a convolution that stay frozen, such as "
        "--filters 'conv5_block3_3_conv:0-63' on ResNet50; "
        f"'frostline show {earlier['backbone']}' lists the layers"
    )


def _batch_norm(policy: str, earlier: Earlier, facts: Facts) -> str | None:
    if earlier["freeze"] == "norm":
        return (
            None
            if policy == "train"
            else (
                f"--freeze norm trains the normalisation layers and --batch-norm {policy} freezes "
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


FREEZING: Rules = {
    "freeze": _freeze,
    "unfreeze_blocks": _unfreeze_blocks,
    "layers": _layers,
    "filters": _filters,
    "batch_norm": _batch_norm,
}

NEEDED_BY_KIT = {"distribute": "gpus"}
NEEDED_BY_STRATEGY = {"filters": "filters"}


def _kits(kits: list[str], earlier: Earlier, facts: Facts) -> str | None:
    strategy = earlier["freeze"]
    needed = NEEDED_BY_STRATEGY.get(strategy)
    if needed and needed not in kits:
        return (
            f"--freeze {strategy} needs the kit {needed}, which --kits leaves out; "
            f"add {needed} to --kits, or take another strategy"
        )
    for kit in kits:
        needed = NEEDED_BY_KIT.get(kit)
        if needed and needed not in kits:
            return (
                f"the kit {kit} needs the kit {needed}, which --kits leaves out; "
                f"add {needed} to --kits, or leave {kit} out"
            )
    return None


KITS: Rules = {
    "kits": _kits,
}

RULES = NAMING | MODEL | EXAMPLES | FREEZING | KITS

QUESTIONS = {'backbone': ('choice', [], None),
 'task': ('choice', ['multiclass', 'binary', 'multilabel', 'regression', 'segmentation'], None),
 'freeze': ('choice',
            ['head', 'top', 'staged', 'full', 'layers', 'norm', 'filters', 'none'],
            None),
 'name': ('text', [], None),
 'project_slug': ('text', [], None),
 'package': ('text', [], None),
 'description': ('text', [], None),
 'author': ('text', [], None),
 'weights': ('text', [], None),
 'allow_random': ('switch', [], ('weights', ('none',))),
 'head': ('choice', ['new', 'keep'], ('backbone', ('custom',))),
 'images': ('text', [], None),
 'table': ('text', [], None),
 'data': ('choice', ['folder', 'csv', 'tfrecord', 'tfds'], None),
 'splits': ('choice', ['auto', 'folders', 'none'], ('data', ('folder',))),
 'image_column': ('text', [], ('data', ('csv',))),
 'label_column': ('text', [], ('data', ('csv',))),
 'split_column': ('text', [], ('data', ('csv',))),
 'separator': ('text', [], ('task', ('multilabel',))),
 'group': ('text', [], ('data', ('folder', 'csv'))),
 'classes': ('list', [], None),
 'outputs': ('integer', [], None),
 'mask_values': ('list', [], ('task', ('segmentation',))),
 'image_size': ('integer', [], None),
 'unfreeze_blocks': ('integer', [], ('freeze', ('top', 'staged', 'filters'))),
 'layers': ('list', [], ('freeze', ('layers',))),
 'filters': ('list', [], ('freeze', ('filters',))),
 'batch_norm': ('choice', ['frozen', 'adapt', 'train'], None),
 'precision': ('choice', ['auto', 'float32', 'mixed_float16', 'mixed_bfloat16'], None),
 'sample_data': ('switch', [], None),
 'flip': ('choice', ['none', 'horizontal', 'both'], None),
 'class_weights': ('choice',
                   ['none', 'balanced'],
                   ('task', ('multiclass', 'binary', 'multilabel', 'segmentation'))),
 'kits': ('list',
          ['cache',
           'check-data',
           'compare',
           'deploy',
           'distribute',
           'doctor',
           'export',
           'filters',
           'find-lr',
           'gpus',
           'inspect',
           'mlflow',
           'pack',
           'record',
           'report',
           'terminal'],
          None),
 'ci': ('choice', ['github', 'gitlab', 'none'], None),
 'license': ('choice', ['apache-2.0', 'mit', 'bsd-3-clause', 'none'], None)}
# --- end of the copy ---


def read(kind: str, text: str) -> Any:
    """The value of an answer's text, as the generator reads it."""
    if kind == "switch":
        return {"yes": True, "no": False}[text]
    if kind == "list":
        items = json.loads(text)
        if not all(isinstance(item, str) for item in items):
            raise ValueError
        return items
    return int(text) if kind == "integer" and text != "all" else text


def problem(texts: dict[str, str], facts: Facts) -> str | None:
    """The sentence that refuses these answers, or None."""
    answers: dict[str, Any] = {}
    for key, (kind, choices, only_with) in QUESTIONS.items():
        text = texts[key]
        if unusable := text_problem(text):
            return f"{key}: {unusable}"
        try:
            answers[key] = read(kind, text)
        except (KeyError, TypeError, ValueError):
            return f"{key} is {WANTED[kind]}, not {text!r}"
        for choice in answers[key] if kind == "list" else [text]:
            if choices and choice not in choices:
                return f"{key} takes {', '.join(choices)}, not {choice!r}"
        if only_with is None or answers[only_with[0]] in only_with[1]:
            sentence = RULES[key](answers[key], answers, facts) if key in RULES else None
            if sentence:
                return sentence
    return None


WANTED = {
    "integer": "a whole number",
    "list": 'a JSON list of texts, such as ["a", "b"]',
    "switch": "yes or no",
}

if __name__ == "__main__":
    sentence = problem(
        dict({{cookiecutter.items() | selectattr(1, "string") | list | pprint}}),
        {
            "module": {{cookiecutter._backbones[cookiecutter.backbone].module | pprint}},
            "weights": {{cookiecutter._backbones[cookiecutter.backbone].weights | pprint}},
            "min_size": {{cookiecutter._backbones[cookiecutter.backbone].min_size | pprint}},
            "norm_kinds": {{cookiecutter._backbones[cookiecutter.backbone].norm_kinds | pprint}},
            "blocks": {{cookiecutter._backbones[cookiecutter.backbone].blocks | list | pprint}},
        },
    )
    if sentence:
        sys.exit(f"frostline: {sentence}")
