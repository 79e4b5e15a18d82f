"""The engine on real backbones and models of one's own: the product's code, run as a user would.

Each backbone has random weights and few small images; what is shown does not depend on either.
"""

from __future__ import annotations

import csv
import re
import sys
import zipfile
from pathlib import Path

import pytest

from support import Project, names, needs_tensorflow, one_sentence, render, run

pytestmark = needs_tensorflow
QUIET = {"PYTHONPATH": "src", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
FEW = re.compile(r"sample/(train/\w+/00[0-3]|validation/\w+/00[01]|test/\w+/000)\.png")
STORED = "the frozen part, once"
BACKBONES = ["tiny", "ResNet50", "EfficientNetB0", "MobileNetV2", "DenseNet121", "ConvNeXtTiny"]
BAIT = """
import keras

layers = keras.layers
bait = layers.Lambda(lambda image: (__import__("pathlib").Path("ran").touch(), image)[1])
stem = [keras.Input((32, 32, 3)), layers.Conv2D(4, 3), bait, layers.Flatten(), layers.Dense(2)]
model = keras.Sequential(stem)
for name in ("code.keras", "code.h5"):
    model.save(name)
__import__("pathlib").Path("ran").unlink()
keras.models.load_model("code.keras", safe_mode=False)
"""
ASK = """
import sys

from demo import cli

for file in sys.argv[1:]:
    try:
        cli.main(["plan", "--config", file])
    except SystemExit as end:
        print(end.code)
"""
SHORT = {"epochs": "2", "batch_size": "8", "optimizer": '"sgd"', "augment": '"none"'}
RANDOM = """
import keras
import numpy as np
from demo import config
from demo.model import backbone

keras.utils.set_random_seed(7)
network = backbone.build(config.load(config.Path("config.toml")).backbone, 64)
for layer in network.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.momentum = 0.0
    if isinstance(layer, keras.layers.Dropout):
        layer.rate = 0.0
    if hasattr(layer, "adapt_variance"):  # loading a file multiplies it, see load_file
        layer.adapt_variance.assign(layer.adapt_variance / backbone.IMAGENET_DEVIATION)
files = sorted(config.Path("data/sample/train").rglob("*.png"))
images = [keras.utils.load_img(file, target_size=(64, 64)) for file in files]
network(np.stack(images).astype("float32"), training=True)
network.save_weights("random.weights.h5")
"""


def short(backbone: str, where: Path) -> Project:
    """A head stage and one that trains the last block, on 20 images of 64 pixels."""
    answers = {"backbone": backbone, "freeze": "top", "unfreeze_blocks": 1, "image_size": 64}
    random = {} if backbone == "tiny" else {"weights": "none", "allow_random": True}
    project = render({**answers, **random, "sample_data": True, "kits": ["cache"]}, where)
    with zipfile.ZipFile(project.path / "data" / "sample.zip") as archive:
        few = [name for name in archive.namelist() if FEW.fullmatch(name)]
        archive.extractall(project.path / "data", few)
    change(project, **SHORT)
    return project


def change(project: Project, **settings: str) -> None:
    """Give keys of config.toml other values, in every table that has them."""
    text = project.read("config.toml")
    for key, value in settings.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        assert count, f"config.toml has no {key}"
    (project.path / "config.toml").write_text(text, encoding="utf-8")


def keep_the_signal(project: Project) -> None:
    """Random weights whose BatchNorm statistics fit, or nothing is left of an image at the end."""
    run([sys.executable, "-c", RANDOM], project.path, check=True, **QUIET)
    change(project, weights='"random.weights.h5"')


def train(project: Project) -> tuple[str, list[dict[str, str]]]:
    """What a new run said, and its rows of history.csv."""
    command = [sys.executable, "-m", "demo", "train", "--fresh"]
    said = run(command, project.path, check=True, **QUIET).stdout
    newest = max((project.path / "runs").iterdir(), key=lambda folder: int(folder.name))
    with (newest / "history.csv").open(encoding="utf-8", newline="") as file:
        return said, list(csv.DictReader(file))


@pytest.mark.slow
@pytest.mark.parametrize("backbone", BACKBONES)
def test_stored_outputs_change_no_loss(backbone: str, tmp_path: Path) -> None:
    project = short(backbone, tmp_path / "demo")
    if backbone != "tiny":
        keep_the_signal(project)
    change(project, mode='"memory"')
    said, stored = train(project)
    assert said.count(STORED) == 4, said  # training and validation images, in both stages
    change(project, mode='"off"')
    said, whole = train(project)
    assert STORED not in said
    assert [row["stage"] for row in whole] == ["head", "head", "top", "top"]
    for column in ("loss", "val_loss"):
        expected = [float(row[column]) for row in whole]
        assert [float(row[column]) for row in stored] == pytest.approx(expected, rel=0, abs=1e-5)
        assert len(set(expected)) == len(expected), "nothing was learnt"


@pytest.mark.slow
def test_a_network_without_a_useful_cut_says_so(tmp_path: Path) -> None:
    """NASNet's cells reach back over one another, from its stem to its last one."""
    project = short("NASNetMobile", tmp_path / "demo")
    change(project, epochs="1")
    said, history = train(project)
    assert said.count(STORED) == 2, said  # the head's stage alone
    sentence = "stage 'top' trains from the images: its frozen part can be cut off only after stem_"
    assert sentence in said
    assert [row["stage"] for row in history] == ["head", "top"]


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Models that carry code, which leaves a file named `ran`; parts of them; and mere text."""
    folder = tmp_path_factory.mktemp("bad")
    run([sys.executable, "-c", BAIT], folder, check=True, **QUIET)
    (folder / "ran").unlink()  # the bait works
    for suffix in ("keras", "h5"):
        whole = (folder / f"code.{suffix}").read_bytes()
        (folder / f"cut.{suffix}").write_bytes(whole[: len(whole) // 2])
        (folder / f"text.{suffix}").write_text("no model at all")
    with zipfile.ZipFile(folder / "empty.keras", "w") as archive:
        archive.writestr("README.md", "no model in here")
    return sorted(folder.glob("[a-z]*.*"))


@pytest.mark.medium
def test_a_bad_model_file_is_refused_before_anything_is_written(
    bad_files: list[Path], tmp_path: Path
) -> None:
    """An .h5 file takes HDF5 to read; that is the project's part."""
    for file in (file for file in bad_files if file.suffix == ".keras"):
        new = [sys.executable, "-m", "frostline", "new", "demo", "--no-input"]
        done = run([*new, "--backbone", "custom", "--weights", file], tmp_path)
        assert done.returncode == 2, file
        assert one_sentence(done.stderr), done.stderr
        assert str(file) in done.stderr
        assert ("Python code" in done.stderr) == (file.stem == "code")
        assert names(tmp_path) == []


@pytest.mark.medium
def test_a_bad_model_file_is_refused_by_the_project_and_never_run(
    bad_files: list[Path], model: Path, tmp_path: Path
) -> None:
    """The file may have been exchanged since the project was made."""
    project = render({"backbone": "custom", "weights": str(model)}, tmp_path / "demo")
    own = project.read("config.toml")
    for file in bad_files:
        text = own.replace(str(model), str(file)).replace("image_size = 64", "image_size = 32")
        (project.path / f"{file.name}.toml").write_text(text, encoding="utf-8")
    configs = [f"{file.name}.toml" for file in bad_files]
    done = run([sys.executable, "-c", ASK, *configs], project.path, **QUIET)
    assert done.stdout.split() == ["2"] * len(bad_files), done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert [line.split()[1] for line in said] == [str(file) for file in bad_files]
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("ran"))
