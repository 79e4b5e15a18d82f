"""One reading of pixels: what training accepts, evaluation, prediction and exported models see too.

A rendered project reads the whole collection of `pictures.py` in each of its ways. The model is one
that says the mean colours of parts of an image, so that its answers are pixels.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

import pictures
from support import needs_tensorflow, render, run

pytestmark = [
    needs_tensorflow,
    pytest.mark.medium,
    pytest.mark.filterwarnings("ignore::UserWarning"),  # of Pillow, about damaged EXIF
]
SIZE, PART = 32, 4
READ = """
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from demo import config
from demo.data.batches import in_order
from demo.data.check import look_at
from demo.data.image import fit
from demo.examples import Examples, Meaning
from demo.kits.export import formats
from demo.results import evaluate, predict
from demo.training.run import open_run

resize, size, part = sys.argv[1], *map(int, sys.argv[2:])
settings = config.load(Path("config.toml"), (f"data.image_size={size}", f"data.resize={resize}"))
image = keras.Input((size, size, 3))
means = keras.layers.Flatten()(keras.layers.AveragePooling2D(part)(image))
model = keras.Model(image, means)
meaning = Meaning(tuple(map(str, range(means.shape[-1]))))
run = open_run(Path("runs"), settings, fresh=True)
run.begin(settings)
run.finish(model, meaning)

files = sorted(map(str, Path("files").iterdir()))
looks = look_at(files)
sound = [(file, look) for file, look in zip(files, looks) if not look.problem]
turns = np.array([look.turn for _, look in sound], "uint8")
unknown = np.zeros(len(sound), "int32")
examples = Examples(tuple(look.file for _, look in sound), unknown, turns)
images = np.concatenate([batch.numpy() for batch, _ in in_order(examples, settings.data)])
trained = model.predict(images, verbose=0)
evaluated = evaluate.answers(model, examples, settings.data)[1]
predicted = {row["file"]: row for row in predict.predict(run, settings, files)}
saved, _ = formats.write_checked("savedmodel", run, examples, settings.data, Path("exported"))
light, _ = formats.write_checked("litert", run, examples, settings.data, Path("exported"))
lite = formats.read_litert(light)((), images)
serve = tf.saved_model.load(str(saved)).signatures["serving_default"]
said = {}
for file, look in zip(files, looks):
    said[file] = {"problem": look.problem, "predicted": predicted[file]["error"]}
    try:
        found = serve(images=tf.constant([Path(file).read_bytes()]))["outputs"][0]
        said[file]["served"] = found.numpy().tolist()
    except tf.errors.OpError as problem:
        said[file]["refused"] = problem.message
for number, (file, look) in enumerate(sound):
    row = [predicted[file][name] for name in meaning.names]
    said[file] |= {
        "copied": look.file != file,
        "trained": trained[number].tolist(),
        "evaluated": evaluated[number].tolist(),
        "predicted": row,
        "litert": lite[number].tolist(),
    }
for file in Path("shown").iterdir():
    shown = fit(tf.constant(np.load(file)), settings.data)[None]
    said[f"files/{file.stem}"]["shown"] = model.predict(shown, verbose=0)[0].tolist()
Path("said.json").write_text(json.dumps(said))
"""
# What an exported model does not read; it says so, or what is wrong with the file.
NOT_SERVED = re.compile(
    r"avif|blp|bmp, (1 bit|16 bits|alpha|grey|palette)|dds|dib|gif|icns|ico|im$|jpeg 2000"
    r"|jpeg, without its end|msp|p[bfgp]m|pcx|png, (without|exif as text|xmp packed)|qoi|sgi|spider"
    r"|tga|tiff|webp, (alpha|animated|lossless with alpha)|xbm",
    re.IGNORECASE,
)
REFUSAL = re.compile(r"this model reads|are packed|Invalid (PNG|JPEG) data|Number of channels")
SHARP = re.compile("jpeg, (black|large)|large jpeg")  # resized as they are decoded, not smoothed
GOOD, BAD = dict(pictures.good()), dict(pictures.bad())
NAMES = list(GOOD | BAD)
Said = dict[str, dict[str, Any]]


def shown(content: bytes) -> np.ndarray:
    """What people see: the first picture, upright, on white, from black to white."""
    image = Image.open(io.BytesIO(content))
    if image.mode[0] in "IF":
        values = np.asarray(ImageOps.exif_transpose(image)).astype(float)
        clear = values == image.info.get("transparency")
        top = next(top for top in (1, 255, 65535) if values.max() <= top)
        deep = image.format in ("PNG", "PPM", "JPEG2000") or "16" in image.mode
        top = 65535 if deep and image.mode != "F" else top
        grey = np.where(clear, 255, values * (255 / top))
        return np.repeat(grey.astype("uint8")[..., None], 3, axis=2)
    image = ImageOps.exif_transpose(image.convert("RGBA"))
    paper = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"))


SLOW = [pytest.param(way, marks=pytest.mark.slow) for way in ("pad", "stretch")]


@pytest.fixture(scope="module", params=["crop", *SLOW])
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What each way of reading makes of each file, and what was said."""
    folder = tmp_path_factory.mktemp("pixels")
    answers = {"task": "regression", "package": "demo", "kits": ["export"], "sample_data": False}
    project = render(answers, folder / "demo")
    for name in ("files", "shown"):
        (project.path / name).mkdir()
    for number, name in enumerate(NAMES):
        (project.path / "files" / f"{number:03}").write_bytes((GOOD | BAD)[name])
        if name in GOOD:
            np.save(project.path / "shown" / f"{number:03}", shown(GOOD[name]))
    command = [sys.executable, "-c", READ, request.param, SIZE, PART]
    done = run(command, project.path, check=True, PYTHONPATH="src", TF_CPP_MIN_LOG_LEVEL="3")
    found = json.loads((project.path / "said.json").read_bytes())
    rows = {name: found[f"files/{number:03}"] for number, name in enumerate(NAMES)}
    return rows | {"said": {"text": done.stderr}}


def test_the_collection_is_large() -> None:
    assert len(GOOD) >= 200
    assert len(BAD) >= 40
    assert not GOOD.keys() & BAD.keys()


def test_training_accepts_what_holds_a_picture(said: Said) -> None:
    assert {name: said[name]["problem"] for name in GOOD if said[name]["problem"]} == {}
    copied = sum(said[name]["copied"] for name in GOOD)
    line = f"read from upright PNG copies of 8 bits in cache/: {copied} no suffix"
    assert line in said["said"]["text"]


def test_what_is_seen_is_what_people_see(said: Said) -> None:
    most = {name: 14 if SHARP.match(name) else 1.5 for name in GOOD}
    assert {name: far for name in GOOD if (far := distance(said[name], "shown")) > most[name]} == {}


@pytest.mark.parametrize("way", ["evaluated", "predicted", "litert"])
def test_every_way_of_reading_sees_what_training_saw(way: str, said: Said) -> None:
    assert {name: far for name in GOOD if (far := distance(said[name], way)) > 0.01} == {}


def test_an_exported_model_sees_the_same_or_refuses(said: Said) -> None:
    served = {name: distance(said[name], "served") for name in GOOD if "served" in said[name]}
    assert {name: far for name, far in served.items() if far > 1} == {}
    refused = GOOD.keys() - served.keys()
    assert refused == {name for name in GOOD if NOT_SERVED.match(name)}
    assert [name for name in refused if not REFUSAL.search(said[name]["refused"])] == []


def test_what_is_no_picture_is_refused_everywhere(said: Said) -> None:
    for name in BAD:
        assert said[name]["problem"].startswith("cannot be read: "), name
        assert said[name]["predicted"] == said[name]["problem"], name
        assert "refused" in said[name], name


def distance(row: dict[str, Any], way: str) -> float:
    """How far the pixels are from those in training, on average."""
    return float(np.abs(np.subtract(row["trained"], np.float64(row[way]))).mean())
