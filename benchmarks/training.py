"""What caching below the frost line saves: MobileNetV2 at 160 pixels, on this machine's CPU.

`python benchmarks/training.py` renders a project, trains its head stage and its `top` stage from
stored outputs and from images, and beside them the program of the Keras guide, without and with
`cache()`, on the same made images. It writes its section of BENCHMARKS.md.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

from report import write_section

IMAGES, SIZE, BATCH = 600, 160, 32
ANSWERS = (
    "--backbone MobileNetV2 --freeze top --weights none --allow-random --no-sample-data --no-input"
)
EPOCHS = {"head": 10, "top": 5}


def make_images(folder: Path) -> None:
    """Photo-like JPEGs of 300 by 300 pixels in two classes, a sixth of them for validation."""
    import keras
    import numpy as np

    random = np.random.default_rng(0)
    for number in range(IMAGES):
        split = "validation" if number % 6 == 0 else "train"
        label = "bright" if number % 2 else "dark"
        coarse = random.uniform(40, 170, (6, 6, 3)) + 40 * (number % 2)
        pixels = np.kron(coarse, np.ones((50, 50, 1))) + random.normal(0, 12, (300, 300, 3))
        file = folder / split / label / f"{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        keras.utils.save_img(file, np.clip(pixels, 0, 255), scale=False, quality=90)


def timed_fit(model, train, validation, epochs: int, **more) -> dict[str, float]:
    """Fit, and time the first step (with its tracing), the first epoch and the later ones."""
    import keras

    ends = [time.perf_counter()]
    steps: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: steps.append(time.perf_counter()),
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()),
    )
    history = model.fit(
        train, validation_data=validation, epochs=epochs, verbose=0, callbacks=[clock], **more
    ).history
    later = [after - before for before, after in pairwise(ends[1:])]
    return {
        "seconds": ends[-1] - ends[0],
        "step": steps[0] - ends[0],
        "first": ends[1] - ends[0],
        "later": sorted(later)[len(later) // 2],
        "loss": history["loss"][-1],
    }


def ours(folder: Path, mode: str) -> dict[str, dict[str, float]]:
    """The generated project's own stages, one after the other."""
    from bench import config as settings
    from bench.data.load import load
    from bench.freezing.freezer import Freezer
    from bench.model.network import build
    from bench.training.schedule import prepare

    config = settings.load(Path("config.toml"))
    data = config.data.model_copy(update={"path": folder, "image_size": SIZE, "batch_size": BATCH})
    schedule = tuple(
        stage.model_copy(update={"epochs": EPOCHS[stage.name], "augment": "none"})
        for stage in config.stage
    )
    config = config.model_copy(
        update={
            "data": data,
            "stage": schedule,
            "cache": config.cache.model_copy(update={"mode": mode}),
        }
    )
    start(config.training.seed)
    splits = load(config)
    network = build(config, splits.meaning)
    freezer = Freezer(network, config.backbone.batch_norm)
    results = {}
    for stage in schedule:
        begun = time.perf_counter()
        _, feed = prepare(freezer, config, splits, stage)
        prepared = time.perf_counter() - begun
        result = timed_fit(
            feed.model,
            feed.train,
            feed.validation,
            stage.epochs,
            steps_per_epoch=feed.steps,
            validation_steps=feed.validation_steps,
            shuffle=False,
        )
        result["seconds"] += prepared
        result["first"] += prepared
        result["prepared"] = prepared
        results[stage.name] = result
    return results


def guide(folder: Path, cached: bool) -> dict[str, dict[str, float]]:
    """Transfer learning as the Keras guide writes it: a nested base, called with training=False."""
    import keras
    import tensorflow as tf

    start(7)
    train, validation = (
        keras.utils.image_dataset_from_directory(
            folder / split, image_size=(SIZE, SIZE), batch_size=BATCH, seed=7, verbose=False
        )
        for split in ("train", "validation")
    )
    if cached:
        train, validation = train.cache(), validation.cache()
    train, validation = (x.prefetch(tf.data.AUTOTUNE) for x in (train, validation))
    base = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=(SIZE, SIZE, 3)
    )
    base.trainable = False
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    model = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(x))
    results = {}
    for name, rate in (("head", 1e-3), ("top", 1e-4)):
        if name == "top":
            base.trainable = True
            names = [layer.name for layer in base.layers]
            for layer in base.layers[: names.index("block_16_expand")]:
                layer.trainable = False
            for layer in base.layers:
                if isinstance(layer, keras.layers.BatchNormalization):
                    layer.trainable = False
        model.compile(
            keras.optimizers.AdamW(rate, weight_decay=1e-4), "sparse_categorical_crossentropy"
        )
        results[name] = timed_fit(model, train, validation, EPOCHS[name])
    return results


def start(seed: int) -> None:
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)


WAYS: dict[str, Callable[[Path], dict[str, dict[str, float]]]] = {
    "the Keras guide": lambda folder: guide(folder, cached=False),
    "the Keras guide with `cache()`": lambda folder: guide(folder, cached=True),
    "generated project, from images": lambda folder: ours(folder, "off"),
    "generated project, from stored outputs": lambda folder: ours(folder, "memory"),
}


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    import keras
    import tensorflow as tf

    rows = [
        "## Training from stored outputs",
        "",
        f"MobileNetV2 at {SIZE} pixels with random weights, {IMAGES} JPEGs of 300 by 300 pixels, "
        f"batches of {BATCH}; the head for {EPOCHS['head']} epochs, then the last block for "
        f"{EPOCHS['top']}. {os.cpu_count()} CPU cores, shared; TensorFlow {tf.__version__}, Keras "
        f"{keras.__version__}, Python {platform.python_version()}, {date.today()}. All in one run: "
        "read the ratios. The guide shuffles and starts differently, so its losses differ; the two "
        "rows of the generated project do the same arithmetic. The first step holds the tracing; "
        "the first epoch holds that and, from stored outputs, the one pass through the frozen "
        "part. Again: `make bench`.",
        "",
        "| stage | program | seconds | first step | first epoch | a later epoch | final loss "
        "| faster |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    best = results["generated project, from stored outputs"]
    for stage in EPOCHS:
        for name, result in results.items():
            one = result[stage]
            rows.append(
                f"| {stage} | {name} | {one['seconds']:.1f} | {one['step']:.1f} | "
                f"{one['first']:.1f} | "
                f"{one['later']:.3f} | {one['loss']:.6f} | "
                f"{one['seconds'] / best[stage]['seconds']:.1f}x |"
            )
    return "\n".join(rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subprocess.run(
            [sys.executable, "-m", "frostline", "new", "bench", *ANSWERS.split()],
            check=True,
        )
        os.chdir("bench")
        sys.path.insert(0, "src")
        make_images(Path("images"))
        results = {}
        for name, way in WAYS.items():
            results[name] = way(Path("images"))
            print(name, results[name], flush=True)
        text = table(results)
    write_section("training", text)


if __name__ == "__main__":
    main()
