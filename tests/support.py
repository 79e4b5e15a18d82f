"""What several test files use: rendering in this process, and looking at the result."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from frostline.backbones import catalogue
from frostline.commands import frostline

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "template"
PROJECT = TEMPLATE / "{{cookiecutter.project_slug}}"
PARTIALS = TEMPLATE / "templates"
STRATEGIES = tuple(BY_KEY["freeze"].choices)
needs_tensorflow = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="this environment is for the generator alone"
)
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals, limits or mounts")
Answers = Mapping[str, Any]
Tree = dict[str, tuple[str, bool]]

# A model in a model, as the Keras guide builds one.
OWN_MODEL = """
import sys

import keras

layers = keras.layers
image = keras.Input((32, 32, 3))
maps = layers.MaxPooling2D(name="pool")(layers.Conv2D(4, 3, name="stem")(image))
maps = layers.BatchNormalization(name="norm")(layers.Conv2D(4, 3, name="second")(maps))
inner = keras.Model(image, keras.Sequential([layers.ReLU(name="relu")], name="end")(maps))
image = keras.Input((32, 32, 3))
maps = inner(layers.Rescaling(1 / 255, name="scale")(image), training=False)
pooled = layers.GlobalAveragePooling2D(name="average")(maps)
keras.Model(image, layers.Dense(2, "softmax", name="answer")(pooled)).save(sys.argv[1])
"""


@dataclass(frozen=True)
class Project:
    """A rendered project."""

    path: Path

    @property
    def recorded(self) -> dict[str, Any]:
        return tomllib.loads(self.read(".frostline.toml"))

    @property
    def config(self) -> dict[str, Any]:
        return tomllib.loads(self.read("config.toml"))

    def has(self, name: str) -> bool:
        return (self.path / name).exists()

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode("utf-8")


def render(answers: Answers, where: Path) -> Project:
    """What `frostline new WHERE` does with these answers, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        file = answers_file(answers, Path(folder))
        arguments = ["new", str(where), "--answers", str(file), "--no-input"]
        with contextlib.redirect_stdout(io.StringIO()):
            frostline.main(arguments, prog_name="frostline", standalone_mode=False)
    return Project(where)


def answers_file(answers: Answers, folder: Path) -> Path:
    """An answers file; a JSON string is a TOML string as well."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in answers.items()]
    file = folder / "answers.toml"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def copied_as_h5(model: Path, file: Path, **names: str) -> None:
    """The same layers in the older format, for images of any size, where there is what reads it."""
    if find_spec("h5py") is None:
        file.touch()
        return
    import h5py

    with zipfile.ZipFile(model) as archive, h5py.File(file, "w") as stored:
        text = archive.read("config.json").decode().replace("64, 64", "null, null")
        for before, after in names.items():
            text = text.replace(f'"{before}"', f'"{after}"')
        stored.attrs["model_config"] = text


def strategy(freeze: str, backbone: str = "tiny") -> Answers:
    """The answers that this way of freezing takes."""
    answers: dict[str, Any] = {"backbone": backbone, "freeze": freeze}
    if freeze == "layers":
        answers["layers"] = ["block:-1"]
    if freeze == "filters":
        last = [leaf for leaf in catalogue.leaves(backbone) if leaf.filters][-1:]
        answers["filters"] = [f"{leaf.name or leaf.position}:0" for leaf in last] or ["stem:0"]
    return answers


# A PNG of one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
)


def covering(model: Path) -> list[Answers]:
    """Answers that together take every branch of the template; `model` is a file of one's own."""
    own = {"backbone": "custom", "weights": str(model)}
    return [
        *(strategy(freeze) for freeze in STRATEGIES),
        {"unfreeze_blocks": "all", "license": "mit", "ci": "gitlab", "kits": "all"},
        {"backbone": "ResNet50", "license": "bsd-3-clause", "author": "Ada", "kits": []},
        {"backbone": "DenseNet121", "batch_norm": "adapt", "sample_data": False, "license": "none"},
        {
            "backbone": "MobileNetV2",
            "weights": "none",
            "allow_random": True,
            "kits": ["distribute", "gpus"],
        },
        {"backbone": "EfficientNetB0", "classes": ["a", "b"], "kits": ["cache"]},
        {"backbone": "ConvNeXtTiny", "outputs": 7, "ci": "none", "kits": ["deploy"]},
        {"task": "regression", "kits": ["doctor", "report"]},
        {**own, "freeze": "staged", "kits": "all"},
        {"backbone": "ResNet101", "weights": "none", "freeze": "none"},
        {**own, "freeze": "top", "unfreeze_blocks": 2},
        *({**strategy(freeze, "custom"), **own, "head": "keep"} for freeze in STRATEGIES),
        *({"task": task, "data": data} for task in SOURCES for data in SOURCES[task]),
        {"task": "binary", "backbone": "ResNet50", "classes": ["no", "yes"], "kits": "all"},
        {"task": "regression", "classes": ["width"], "kits": "all"},
        {"task": "segmentation", "sample_data": False, "kits": ["compare", "pack"]},
        {
            "task": "segmentation",
            "classes": ["background", "lesion"],
            "mask_values": ["0=background", "255=lesion"],
        },
        *looked_at(model.parent),
    ]


def looked_at(folder: Path) -> list[Answers]:
    """Answers that say where the data are, and the least that has to be there."""
    files = ("classes/a/0.png", "classes/b/0.png", "masked/images/0.png", "masked/masks/0.png")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(PIXEL)
    (folder / "labels.csv").write_text("image,label\nclasses/a/0.png,a\nclasses/b/0.png,b\n")
    (folder / "records").mkdir(exist_ok=True)
    (folder / "records/0.tfrecord").touch()
    return [
        {"images": str(folder / "classes")},
        {"images": str(folder / "masked"), "task": "segmentation"},
        {"images": str(folder / "records"), "data": "tfrecord"},
        {"table": str(folder / "labels.csv")},
    ]


def run(
    command: list[Any], where: Path, check: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run to the end and keep what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env=clean_environment(where, **variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if check:
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def clean_environment(home: Path, **variables: str) -> dict[str, str]:
    """This process's variables, less those that change what Python does, and another home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COOKIECUTTER"))}
    homes = {"HOME": str(home), "USERPROFILE": str(home), "XDG_CONFIG_HOME": str(home)}
    return {**kept, **homes, "PYTHONUTF8": "1", **variables}


def tree(folder: Path) -> Tree:
    """Each file with the digest of its bytes and whether it may be executed."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            bool(path.stat().st_mode & stat.S_IXUSR),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    """What lies in the folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


def one_sentence(stderr: str) -> bool:
    """Whether it is what a user should see of a failure."""
    return "Traceback" not in stderr and len(stderr.strip().splitlines()) == 1


def copied_checkout(where: Path) -> Path:
    """The files of this checkout that a clone has; not what tools left between them."""
    where.mkdir()
    for name in (".gitattributes", ".gitignore", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, where)
    shutil.copy(ROOT / "cookiecutter.json", where)
    for name in ("generator", "hooks", "template"):
        junk = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache")
        shutil.copytree(ROOT / name, where / name, ignore=junk)
    return where


def text_files(folder: Path) -> Iterator[Path]:
    """The files that are rendered, not copied; in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and b"\0" not in path.read_bytes():
            yield path


def context(answers: Answers) -> dict[str, str]:
    """The answers as stock cookiecutter takes them: text, in the form that Jinja leaves alone."""
    said: dict[str, str] = {}
    for key, value in answers.items():
        if isinstance(value, bool):
            said[key] = "yes" if value else "no"
        elif isinstance(value, list):
            said[key] = json.dumps(value, ensure_ascii=False).replace("{", "{{ '{' }}")
        else:
            said[key] = str(value).replace("{", "{{ '{' }}")
    return said
