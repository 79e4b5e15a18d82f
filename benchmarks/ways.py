"""The input pipelines that are measured: the generated project's and its peers'.

They run in the folder of a rendered project `bench`. Libraries are imported where they are used,
so that a Python with PyTorch only can measure its own pipeline.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from photos import files_in

SIZE, BATCH, EPOCHS = 224, 32, 4
CORES = os.cpu_count() or 1
KERAS = "`image_dataset_from_directory`, `cache()`"


def pack(folder: Path) -> float:
    """Write the photos as the kit `pack` does; returns the seconds it took."""
    sys.path.insert(0, "src")
    from bench.config import load
    from bench.kits.pack import FOLDER
    from bench.kits.pack.packing import pack as write_shards

    config = load(Path("config.toml"))
    data = config.data.model_copy(update={"path": folder, "image_size": SIZE})
    begun = time.perf_counter()
    write_shards(config.model_copy(update={"data": data}), FOLDER, SIZE, 500, ())
    return time.perf_counter() - begun


def look(folder: Path) -> float:
    """Validate every photo, as only the first run does; returns the seconds it took."""
    sys.path.insert(0, "src")
    from bench.data.check import look_at

    begun = time.perf_counter()
    look_at([str(file) for file in files_in(folder)])
    return time.perf_counter() - begun


def packed_files() -> list[str]:
    """The images in the shards that the kit `pack` wrote."""
    from bench.data.shards import Keys, items_in

    shards = [(shard, "") for shard in sorted(Path("data/packed").glob("*.tfrecord"))]
    return [item.file for item in items_in(shards, Keys(group="original"), str)]


def ours(
    folder: Path, keep: str, augment: str = "none", packed: bool = False
) -> list[Callable[[], Iterable]]:
    """The generated project's training batches, a function for each epoch.

    They are what a stage is fed with that trains the whole network, so that nothing but images can
    be kept.
    """
    sys.path.insert(0, "src")
    import numpy as np
    from bench.config import Stage, load
    from bench.data.check import look_at
    from bench.examples import Examples, Meaning, Splits
    from bench.freezing.freezer import Freezer
    from bench.model.network import build
    from bench.training.schedule import open_feed

    config, names = load(Path("config.toml")), ("even", "odd")
    stage = Stage(name="all", train=("*",), epochs=EPOCHS, learning_rate=1e-3, augment=augment)
    update = {"image_size": SIZE, "batch_size": BATCH, "keep": keep}
    data = config.data.model_copy(update=update)
    config = config.model_copy(update={"data": data, "stage": (stage,)})
    origins = tuple(packed_files() if packed else map(str, files_in(folder)))
    looks = look_at(origins)
    examples = Examples(
        files=tuple(look.file for look in looks),
        targets=np.zeros(len(looks), "int32"),
        turns=np.array([look.turn for look in looks], "uint8"),
        digests=tuple(look.digest for look in looks),
        origins=origins,
    )
    splits = Splits(Meaning(names), examples, examples, examples)
    network = build(config, splits.meaning)
    frost = Freezer(network, config.backbone.batch_norm).freeze(stage)
    feed = open_feed(network, frost, config, splits, stage, 0)
    streams = []  # one iterator for all epochs

    def epoch() -> Iterable:
        streams.extend([] if streams else [iter(feed.train)])
        return islice(streams[0], feed.steps)

    return [epoch] * EPOCHS


def keras_way(folder: Path) -> list[Callable[[], Iterable]]:
    """The way of the Keras guides: `cache()` and `prefetch()`."""
    import keras
    import tensorflow as tf

    batches = keras.utils.image_dataset_from_directory(
        folder, image_size=(SIZE, SIZE), batch_size=BATCH, crop_to_aspect_ratio=True, verbose=False
    )
    kept = batches.cache().prefetch(tf.data.AUTOTUNE)
    return [lambda: kept] * EPOCHS


def torch_way(folder: Path) -> list[Callable[[], Iterable]]:
    """A DataLoader with as many workers as there are cores; Pillow decodes, crops and resizes."""
    import numpy as np
    import torch
    from PIL import Image, ImageOps

    class Photos(torch.utils.data.Dataset):
        def __init__(self) -> None:
            self.files = files_in(folder)

        def __len__(self) -> int:
            return len(self.files)

        def __getitem__(self, index: int) -> torch.Tensor:
            with Image.open(self.files[index]) as image:
                image.draft("RGB", (SIZE, SIZE))
                ImageOps.exif_transpose(image, in_place=True)
                square = ImageOps.fit(image.convert("RGB"), (SIZE, SIZE), Image.BILINEAR)
            return torch.from_numpy(np.array(square))

    loader = torch.utils.data.DataLoader(
        Photos(), batch_size=BATCH, shuffle=True, num_workers=CORES, persistent_workers=True
    )
    return [lambda: loader] * EPOCHS


def bare(folder: Path) -> list[Callable[[], Iterable]]:
    """Decoding only, by libjpeg-turbo, at full size, in as many threads as cores."""
    from concurrent.futures import ThreadPoolExecutor

    import simplejpeg

    contents = [file.read_bytes() for file in files_in(folder)]

    def decode() -> Iterable:
        with ThreadPoolExecutor(CORES) as pool:
            yield from pool.map(lambda content: len(simplejpeg.decode_jpeg(content)), contents)

    return [decode] * EPOCHS


def bare_tf(folder: Path) -> list[Callable[[], Iterable]]:
    """Decoding only, by TensorFlow's own libjpeg-turbo."""
    import tensorflow as tf

    files = tf.data.Dataset.from_tensor_slices([str(file) for file in files_in(folder)])
    pixels = files.map(
        lambda file: tf.io.decode_jpeg(tf.io.read_file(file), channels=3)[0, 0],
        num_parallel_calls=CORES,
    )
    batches = pixels.batch(BATCH).prefetch(tf.data.AUTOTUNE)
    return [lambda: batches] * EPOCHS


WAYS: dict[str, Callable[[Path], list[Callable[[], Iterable]]]] = {
    "generated project": lambda folder: ours(folder, "memory"),
    "generated project, kept on disk": lambda folder: ours(folder, "disk"),
    "generated project, nothing kept": lambda folder: ours(folder, "off"),
    'generated project, augment = "light"': lambda folder: ours(folder, "memory", "light"),
    'generated project, augment = "strong"': lambda folder: ours(folder, "memory", "strong"),
    "generated project, packed": lambda folder: ours(folder, "memory", packed=True),
    KERAS: keras_way,
    "PyTorch `DataLoader`, Pillow": torch_way,
    "bare decoding, TensorFlow": bare_tf,
    "bare decoding, simplejpeg": bare,
}
PEERS = ("PyTorch `DataLoader`, Pillow", "bare decoding, simplejpeg")
ONLY = {  # the photos that a way is measured on, where these are not all
    "generated project, packed": ("camera",),
    "generated project, kept on disk": ("small",),
    'generated project, augment = "light"': ("small", "camera"),
    'generated project, augment = "strong"': ("small",),
}


def touch(batch: object, stage: dict[str, Any]) -> None:
    """Copy the pixels once, as to a device: `cache()` yields the same tensors in every epoch."""
    import numpy as np

    images = batch[0] if isinstance(batch, (tuple, list)) else batch
    if getattr(images, "ndim", 0) == 4:
        pixels = np.from_dlpack(images)
        room = stage.setdefault("room", np.empty_like(pixels))
        np.copyto(room[: len(pixels)], pixels)


def one_process(way: str, folder: Path) -> dict[str, float]:
    """Images a second in the first epoch and in a later one, CPU time an image, and memory."""
    epochs, stage = WAYS[way](folder), {}
    count, rates, work = len(files_in(folder)), [], []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for epoch in epochs:
        begun, worked = time.perf_counter(), time.process_time()
        for batch in epoch():
            touch(batch, stage)
        rates.append(count / (time.perf_counter() - begun))
        work.append(1000 * (time.process_time() - worked) / count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "first": rates[0],
        "later": median(rates[1:]),
        "work": work[0],
        "megabytes": (peak - before) / 1024,
    }
