"""The command line as a user meets it: refusals are one sentence, exit 2, and nothing on disk."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from frostline import commands
from frostline.answers.questions import BY_KEY
from support import clean_environment, posix, run

FROSTLINE = (sys.executable, "-m", "frostline")

REFUSALS = {
    "backbone": ("--backbone Resnet50", "no backbone 'Resnet50'; did you mean 'ResNet50'?"),
    "task": ("--task multiclas", "multiclas"),
    "strategy": ("--freeze stagd", "stagd"),
    "flag": ("--backbon tiny", "no option --backbon; did you mean '--backbone'?"),
    "the seeds' layer": (
        "--backbone ResNet50 --freeze layers --layers !bn_conv1",
        "no layer 'bn_conv1' in ResNet50; did you mean 'conv1_bn'?",
    ),
    "block": ("--freeze layers --layers block:block9", "no block 'block9' in tiny"),
    "position": ("--freeze layers --layers 99", "position 99 is out of range"),
    "regex": ("--freeze layers --layers re:(", "not a regular expression"),
    "no layers": ("--freeze layers", "--layers is needed with --freeze layers"),
    "nothing trains": (
        "--freeze layers --layers type:BatchNormalization",
        "chooses nothing that can train",
    ),
    "filter range": (
        "--freeze filters --filters block1_conv1:0-99",
        "the filters of block1_conv1 are 0 to 23",
    ),
    "filter layer": ("--freeze filters --filters block1_bn1:0", "not a plain convolution"),
    "filter text": ("--freeze filters --filters block1_conv1", "write LAYER:FIRST-LAST"),
    "no filters": ("--freeze filters", "--filters is needed with --freeze filters"),
    "idle layers": ("--freeze head --layers block1_conv1", "--layers applies only with"),
    "idle blocks": ("--freeze full --unfreeze-blocks 2", "--unfreeze-blocks applies only with"),
    "blocks": ("--unfreeze-blocks 9", "tiny has 1 to 4 blocks to unfreeze"),
    "no blocks": ("--unfreeze-blocks 0", "out of range"),
    "one class": ("--classes a", "needs two classes or more"),
    "class twice": ("--classes a,b,a", "has 'a' twice"),
    "empty class": ("--classes a,,b", "has an empty name in position 2"),
    "one class of pixels": ("--task segmentation --classes a", "needs two classes or more"),
    "three for two": (
        "--task binary --classes a,b,c",
        "--classes has 3; name the one to find second",
    ),
    "class as a path": ("--classes a/b,c", "cannot be the name of a folder"),
    "outputs": ("--classes a,b --outputs 3", "contradicts the 2 names"),
    "one output": ("--outputs 1", "--outputs 1 is too few"),
    "three outputs for two": ("--task binary --outputs 3", "has two classes, not 3"),
    "numbers in folders": (
        "--task regression --data folder",
        "--task regression takes --data csv or tfrecord, not folder: a folder gives one class",
    ),
    "labels from tfds": ("--task multilabel --data tfds", "takes --data csv or tfrecord, not tfds"),
    "masks in a table": ("--task segmentation --data csv", "takes --data folder or tfrecord"),
    "source": ("--data cvs", "did you mean 'csv'?"),
    "a head to keep": ("--head keep", "--head applies only with --backbone custom"),
    "sample": ("--classes a,b --sample-data", "not your classes"),
    "sample of numbers": ("--task regression --outputs 2 --sample-data", "show 1 targets, not 2"),
    "sample in shards": (
        "--data tfrecord --sample-data",
        "take --data folder or csv, or leave out",
    ),
    "image size": ("--backbone Xception --image-size 64", "Xception takes 71 or more"),
    "norm without norms": ("--backbone VGG16 --freeze norm", "no normalisation layers"),
    "norm with a policy": ("--freeze norm --batch-norm adapt", "leave one of the two out"),
    "policy without BatchNorm": (
        "--backbone ConvNeXtTiny --batch-norm adapt",
        "has no BatchNormalization",
    ),
    "keyword": ("--package class", "a keyword of Python"),
    "standard library": ("--package json", "a module of the standard library"),
    "dependency of the project": ("--package pydantic", "a package that the project"),
    "dependency": ("--package keras", "a package that the project or its tools import"),
    "package": ("--package 9lives", "has to start with a letter"),
    "no weights": ("--backbone custom", "--weights names its .keras or .h5 file"),
    "weights file": ("--weights nowhere.h5", "there is no such file"),
    "frozen random layers": ("--backbone ResNet50 --weights none", "--allow-random"),
    "kits": ("--kits cash", "cash"),
    "machines without devices": (
        "--kits cache,distribute",
        "the kit distribute needs the kit gpus, which --kits leaves out",
    ),
    "frozen filters without their kit": (
        "--freeze filters --filters block1_conv1:0 --kits cache,gpus",
        "--freeze filters needs the kit filters, which --kits leaves out",
    ),
    "name as a path": ("--name ../x", "is a path"),
    "control character": ("--description a\tb", "control characters are not allowed"),
}


def frostline(where: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run([*FROSTLINE, *arguments], where, **variables)


def taken(where: Path, *flags: str) -> dict[str, Any]:
    """The answers that flags stand for; in this process, for to start another takes longer."""
    arguments = ["new", str(where), "--no-input", "--dry-run", "--json", *flags]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert not commands.frostline.main(arguments, "frostline", standalone_mode=False)
    answers: dict[str, Any] = json.loads(said.getvalue())["answers"]
    return answers


def refused(where: Path, *arguments: str) -> str:
    """What the refusal says, once it is certain that it is one."""
    before = sorted(where.rglob("*"))
    done = frostline(where, *arguments)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert sorted(where.rglob("*")) == before
    return done.stderr


@pytest.mark.parametrize("case", REFUSALS)
def test_a_bad_answer_is_refused_with_a_sentence(case: str, tmp_path: Path) -> None:
    flags, sentence = REFUSALS[case]
    assert sentence in refused(tmp_path, "new", "demo", "--no-input", *flags.split(" "))


def test_a_file_of_weights_alone_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "own.weights.h5").touch()
    flags = ("--no-input", "--backbone", "custom", "--weights", "own.weights.h5")
    assert "save the whole model" in refused(tmp_path, "new", "demo", *flags)


@pytest.mark.parametrize(
    ("directory", "sentence"),
    [
        ("../x", "leads out through .."),
        ("a/../../x", "leads out through .."),
        ("CON", "reserved by Windows"),
        ("nul.txt", "reserved by Windows"),
        ("there", "'there' exists already"),
        ("there/file/demo", "there/file' is no folder"),
        ("a b", "may contain only letters"),
    ],
)
def test_a_bad_place_is_refused(directory: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").touch()
    assert sentence in refused(tmp_path, "new", directory, "--no-input")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'backbone = "tiny"\n\nfreze = "top"\n', "line 3: unknown key 'freze'; did you mean"),
        (b"backbone = \n", "not valid TOML"),
        ('name = "Zoë"\n'.encode("latin-1"), "UTF-8"),
        (b'backbone = "ResNet51"\n', "did you mean 'ResNet50'?"),
        (b"image_size = true\n", "--image-size is a whole number, not true"),
        (b"classes = [1, 2]\n", "classes"),
    ],
)
def test_a_bad_answers_file_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_bytes(content)
    assert sentence in refused(tmp_path, "new", "x", "--answers", "answers.toml", "--no-input")


def test_names_of_outputs_are_folders_only_where_there_are_folders(tmp_path: Path) -> None:
    for flags in (
        ("--task", "regression", "--classes", "mm/s"),
        ("--task", "multilabel", "--classes", "a,A"),
        ("--task", "multilabel", "--classes", "a"),
        ("--task", "regression", "--outputs", "1"),
        ("--data", "csv", "--classes", "a/b,.."),
        ("--task", "binary", "--outputs", "2"),
        ("--task", "segmentation", "--classes", "a,A"),
    ):
        assert taken(tmp_path / "x", *flags)


def test_each_task_has_a_source_and_a_sample_by_default(tmp_path: Path) -> None:
    sources = {"multiclass": "folder", "binary": "folder", "segmentation": "folder"}
    for task in BY_KEY["task"].choices:
        answers = taken(tmp_path / "x", "--task", task)
        assert answers["data"] == sources.get(task, "csv")
        assert answers["sample_data"] is True
    for flags in (("--data", "tfrecord"), ("--classes", "a,b"), ("--outputs", "3")):
        assert taken(tmp_path / "x", *flags)["sample_data"] is False


def test_frozen_filters_bring_their_kit(tmp_path: Path) -> None:
    default = ["cache", "check-data", "doctor", "gpus", "inspect", "record", "report", "terminal"]
    assert taken(tmp_path / "x")["kits"] == default
    filters = ("--freeze", "filters", "--filters", "block1_conv1:0")
    assert taken(tmp_path / "x", *filters)["kits"] == sorted([*default, "filters"])
    assert taken(tmp_path / "x", *filters, "--kits", "filters")["kits"] == ["filters"]
    assert taken(tmp_path / "x", "--kits", "all")["kits"] == list(BY_KEY["kits"].choices)


def test_a_missing_answers_file_is_refused(tmp_path: Path) -> None:
    assert "nowhere.toml" in refused(tmp_path, "new", "x", "--answers", "nowhere.toml")


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert "did you mean 'new'?" in refused(tmp_path, "nwe")
    assert "did you mean 'ResNet50'?" in refused(tmp_path, "show", "ResNet51")
    assert "no backbone like 'zzz'" in refused(tmp_path, "backbones", "zzz")


def test_flag_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('backbone = "VGG16"\nfreeze = "top"\nci = "gitlab"\n')
    arguments = ("new", "x", "--answers", "a.toml", "--freeze", "head", "--dry-run", "--json")
    told = json.loads(frostline(tmp_path, *arguments, "--no-input").stdout)
    found = {key: told["answers"][key] for key in ("backbone", "freeze", "ci", "license")}
    assert found == {"backbone": "VGG16", "freeze": "head", "ci": "gitlab", "license": "apache-2.0"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.toml"]


def test_a_flag_may_overtake_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('freeze = "layers"\nlayers = ["block:-1"]\n')
    done = frostline(tmp_path, "new", "x", "--answers", "a.toml", "--freeze", "head", "--no-input")
    assert done.returncode == 0
    assert "note: a.toml, line 2: ignored" in done.stderr
    (tmp_path / "a.toml").write_text('freeze = "head"\nlayers = ["block:-1"]\n')
    sentence = refused(tmp_path, "new", "y", "--answers", "a.toml", "--no-input")
    assert "a.toml, line 2: --layers applies only" in sentence


def test_selectors_on_a_model_of_ones_own(model: Path, tmp_path: Path) -> None:
    own = ("new", "x", "--no-input", "--backbone", "custom", "--freeze", "layers")
    for selector, sentence in {
        "stm": "did you mean 'stem'?",
        "answer": "no layer 'answer'",  # the old head is replaced
    }.items():
        said = refused(tmp_path, *own, "--weights", str(model), "--layers", selector)
        assert sentence in said
        assert "frostline show" not in said
    kept = (*own, "--weights", str(model), "--head", "keep", "--dry-run")
    assert frostline(tmp_path, *kept, "--layers", "!answer").returncode == 0
    assert "no layer 'answr'" in refused(tmp_path, *kept, "--layers", "!answr")
    pixels = ("--task", "segmentation", "--layers", "stem")
    assert "--head keep is for models that predict one output" in refused(tmp_path, *kept, *pixels)
    image = (*own, "--weights", str(model), "--layers", "stem", "--image-size", "224")
    assert "takes images of 64 pixels: --image-size 64" in refused(tmp_path, *image)


def test_a_project_is_made_again_from_its_own_answers(tmp_path: Path) -> None:
    flags = (
        "--backbone",
        "ResNet50",
        "--freeze",
        "layers",
        "--layers",
        "!conv1_bn",
        "--author",
        "Z",
    )
    assert frostline(tmp_path, "new", "one/../one", *flags, "--no-input").returncode == 2
    assert frostline(tmp_path, "new", "one", *flags, "--no-input").returncode == 0
    (tmp_path / "again").mkdir()
    told = frostline(tmp_path, "new", "again/one", "--answers", "one/.frostline.toml", "--no-input")
    assert told.returncode == 0, told.stderr
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert files
    for file in files:
        twin = tmp_path / "again" / file.relative_to(tmp_path)
        assert twin.read_bytes() == file.read_bytes(), file


def test_the_last_line_says_what_to_type_next(tmp_path: Path) -> None:
    done = frostline(tmp_path, "new", "demo", "--no-input")
    assert done.stdout.splitlines()[-1] == "Now: cd demo && make train"
    assert done.stderr == ""


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = frostline(tmp_path, "new", "demo", "--no-input", "--dry-run")
    assert re.search(r"src/demo/ +\d+ files: .*freezing/ 6,", done.stdout)
    assert len(done.stdout.splitlines()) <= 24  # the plan stays on the screen
    assert "block3" in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_text_answer_is_text_and_nothing_else(tmp_path: Path) -> None:
    text = "{{ 7*7 }} {% raw %} \"; import os; os.system('touch owned') #"
    arguments = ("new", "demo", "--no-input", "--description", text, "--name", text)
    assert frostline(tmp_path, *arguments).returncode == 0
    assert text in (tmp_path / "demo" / "README.md").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("owned"))


def test_tensorflow_is_never_imported(tmp_path: Path) -> None:
    for name in ("tensorflow", "keras"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')")
    for arguments in (["new", "x", "--no-input"], ["plan"], ["show", "VGG16"], ["schema"]):
        done = frostline(tmp_path, *arguments, PYTHONPATH=str(tmp_path))
        assert done.returncode == 0, done


def test_missing_folders_above_the_project_are_made(tmp_path: Path) -> None:
    assert frostline(tmp_path, "new", "a/b/demo", "--no-input").returncode == 0
    assert (tmp_path / "a" / "b" / "demo" / "config.toml").exists()


@posix
def test_a_project_that_fails_leaves_no_folders_above_it(tmp_path: Path) -> None:
    script = """
import pathlib
from frostline.rendering import destination
def fail(project):
    assert project.parent.parent == pathlib.Path("a/b").absolute()
    raise OSError("full")
destination.make(pathlib.Path("a/b/demo"), fail)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OSError: full" in done.stderr
    assert not (tmp_path / "a").exists()


def hdf5(path: Path, layers: list[dict[str, Any]]) -> Path:
    """A model as Keras 2 wrote it, as far as it is read here."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        text = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
        file.attrs["model_config"] = text
    return path


LAYERS: list[dict[str, Any]] = [
    {"class_name": "Conv2D", "config": {"name": "stem", "batch_input_shape": [None, 40, 40, 3]}},
    {"class_name": "Conv2D", "config": {"name": "second"}},
    {"class_name": "GlobalAveragePooling2D", "config": {"name": "average"}},
    {"class_name": "Dense", "config": {"name": "answer"}},
]


def test_size_and_layers_of_an_h5_model_are_read(tmp_path: Path) -> None:
    model = hdf5(tmp_path / "own.h5", LAYERS)
    own = ("--backbone", "custom", "--weights", str(model))
    assert taken(tmp_path / "x", *own)["image_size"] == 40
    planned = frostline(tmp_path, "plan", *own, "--freeze", "layers", "--layers", "2")
    assert (planned.returncode, "checked at run time" in planned.stdout) == (0, False)
    no_such = ("--freeze", "layers", "--layers", "secnd")
    assert "did you mean 'second'?" in refused(tmp_path, "plan", *own, *no_such)
    assert "takes images of 40 pixels" in refused(tmp_path, "plan", *own, "--image-size", "64")


def test_an_h5_file_without_layers_is_refused(tmp_path: Path) -> None:
    weights = hdf5(tmp_path / "own.h5", [])
    own = ("plan", "--backbone", "custom", "--weights")
    assert "is not a .h5 file with the layers" in refused(tmp_path, *own, str(weights))
    (tmp_path / "text.h5").write_text("a text")
    assert "is not a .h5 file with the layers" in refused(tmp_path, *own, "text.h5")


def test_without_h5py_the_plan_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frostline.backbones import own_model

    monkeypatch.setattr(own_model, "find_spec", lambda name: None)
    model = hdf5(tmp_path / "own.h5", LAYERS)
    assert own_model.image_size(str(model)) is None
    assert not own_model.readable(str(model))
    assert own_model.readable("own.keras")
