"""How fast images come: a generated project's batches beside those of its peers, on this machine.

`python benchmarks/pipeline.py` makes photo-like JPEGs, renders a project, and takes every way in
turn through a first epoch and later ones, each in a process of its own. It writes its section of
BENCHMARKS.md. PyTorch and simplejpeg are measured by the Python that `PIPELINE_PEERS` names, or by
this one, and left out with a line where they are not installed.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "BENCHMARKS.md"
START, END = "<!-- pipeline -->", "<!-- /pipeline -->"
SIZE, BATCH, ROUNDS, EPOCHS = 224, 32, 2, 4
CORES = os.cpu_count() or 1
SETS = {"small": (2000, 375, 500), "camera": (200, 1200, 1600)}
KERAS = "`image_dataset_from_directory`, `cache()`"
ANSWERS = (
    "--backbone MobileNetV2 --freeze top --weights none --no-sample-data --no-input --kits pack"
)


def make_images(folder: Path, count: int, height: int, width: int) -> None:
    """Photo-like JPEGs in two classes: soft shapes, hard edges and a little noise."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    grain = random.normal(0, 5, (2 * height, 2 * width, 1)).astype("float32")
    for number in range(count):
        picture = np.full((height, width, 3), 120, "float32")
        for cells, strength in ((4, 60), (12, 30), (40, 12)):
            coarse = random.normal(0, strength, (cells, cells, 3)).astype("float32")
            for channel in range(3):
                soft = Image.fromarray(coarse[..., channel]).resize((width, height), Image.BICUBIC)
                picture[..., channel] += np.asarray(soft)
        for _ in range(6):
            top, left = random.integers(0, height // 2), random.integers(0, width // 2)
            part = picture[top : top + height // 3, left : left + width // 3]
            part += random.normal(0, 25, 3).astype("float32")
        top, left = random.integers(0, height), random.integers(0, width)
        picture += grain[top : top + height, left : left + width]
        file = folder / ("odd" if number % 2 else "even") / f"{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.clip(picture, 0, 255).astype("uint8")).save(file, quality=90)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jpg"))


def packed_files() -> list[str]:
    """The images that the kit `pack` wrote, each a place in a shard."""
    from bench.shards import Keys, items_in

    shards = [(shard, "") for shard in sorted(Path("data/packed").glob("*.tfrecord"))]
    return [item.file for item in items_in(shards, Keys(group="original"), str, Path("index"))]


def ours(
    folder: Path, keep: str, augment: str = "none", packed: bool = False
) -> list[Callable[[], Iterable]]:
    """The generated project's training batches: an epoch each."""
    sys.path.insert(0, "src")
    import numpy as np
    from bench import data
    from bench.config import load
    from bench.examples import Examples
    from bench.images import is_plain
    from bench.listing import look_at

    files = tuple(packed_files() if packed else map(str, files_in(folder)))
    update = {"image_size": SIZE, "batch_size": BATCH, "keep": keep}
    settings = load(Path("config.toml")).data.model_copy(update=update)
    looks = look_at(files, folder)
    plain = all(is_plain(look.width, look.height, settings) for look in looks)
    examples = Examples(files, np.zeros(len(files), "int32"), plain=plain)
    stream = iter(data.shuffled(examples, settings, augment, 7, 0, EPOCHS))
    steps = data.steps(examples, settings)
    return [lambda: islice(stream, steps)] * EPOCHS


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
                square = ImageOps.fit(image.convert("RGB"), (SIZE, SIZE), Image.BILINEAR)
            return torch.from_numpy(np.array(square))

    loader = torch.utils.data.DataLoader(
        Photos(), batch_size=BATCH, shuffle=True, num_workers=CORES, persistent_workers=True
    )
    return [lambda: loader] * EPOCHS


def bare(folder: Path) -> list[Callable[[], Iterable]]:
    """Nothing but decoding, by libjpeg-turbo, at full size, in as many threads as cores."""
    from concurrent.futures import ThreadPoolExecutor

    import simplejpeg

    contents = [file.read_bytes() for file in files_in(folder)]

    def decode() -> Iterable:
        with ThreadPoolExecutor(CORES) as pool:
            yield from pool.map(lambda content: len(simplejpeg.decode_jpeg(content)), contents)

    return [decode] * EPOCHS


def bare_tf(folder: Path) -> list[Callable[[], Iterable]]:
    """Nothing but decoding, by TensorFlow's own libjpeg-turbo."""
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
ONLY = {
    "generated project, packed": "camera",
    "generated project, kept on disk": "small",
    'generated project, augment = "strong"': "small",
}


def touch(batch: object) -> None:
    """Copy the pixels, as to a device; `cache()` hands out the same tensors again."""
    images = batch[0] if isinstance(batch, (tuple, list)) else batch
    if hasattr(images, "numpy") and getattr(images, "ndim", 0) == 4:
        images.numpy().copy()


def one_process(way: str, folder: Path) -> dict[str, float]:
    """Images a second in the first epoch and in a later one, and the memory it took."""
    epochs = WAYS[way](folder)
    count, rates = len(files_in(folder)), []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for epoch in epochs:
        begun = time.perf_counter()
        for batch in epoch():
            touch(batch)
        rates.append(count / (time.perf_counter() - begun))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"first": rates[0], "later": median(rates[1:]), "megabytes": (peak - before) / 1024}


def measured(way: str, folder: Path) -> dict[str, float] | None:
    """The same in a fresh process; None where what it needs is not installed."""
    python = os.environ.get("PIPELINE_PEERS", sys.executable) if way in PEERS else sys.executable
    for file in Path("cache").glob("images-*.npy"):
        file.unlink()
    done = subprocess.run(
        [python, __file__, "--one", way, str(folder)], capture_output=True, text=True
    )
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def table(
    results: dict[str, dict[str, list[dict[str, float]]]], looked: float, packed: float
) -> str:
    """The section of BENCHMARKS.md."""
    rows = [
        "## Batches of images",
        "",
        f"Made JPEGs of quality 90 (soft shapes, edges, some noise) to squares of {SIZE} pixels "
        f"in batches of {BATCH}: {SETS['small'][0]} of 500 by 375, {SETS['camera'][0]} of 1600 by "
        f"1200 pixels. {CORES} CPU cores, Python {platform.python_version()}, {date.today()}. Each "
        f"way in a fresh process, all in turn, {ROUNDS} times; images a second are medians, ratios "
        "to the peer the medians of the ratios within a turn, so that a busy moment meets all. The "
        "memory is what the epochs added to the process at its peak; for the `DataLoader` without "
        "its workers. All but bare decoding cut the middle square; the Keras peer has "
        "`crop_to_aspect_ratio`. Every batch is copied once, as to a device. Looking at the small "
        f"photos before the first run took {looked:.1f} s, and packing the camera photos "
        f"{packed:.1f} s: once each, not counted. Again: `make bench`.",
    ]
    for name, ways in results.items():
        rows += [
            "",
            f"| {name} photos | first epoch | against Keras | later epochs | against Keras | MB |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        for way, turns in ways.items():
            if not turns:
                rows.append(f"| {way} | not installed | | | | |")
                continue
            cells = [way]
            for epoch in ("first", "later"):
                pairs = zip(turns, ways[KERAS], strict=True)
                cells.append(f"{median(turn[epoch] for turn in turns):.0f}")
                cells.append(f"{median(one[epoch] / peer[epoch] for one, peer in pairs):.2f}x")
            cells.append(f"{median(turn['megabytes'] for turn in turns):.0f}")
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def pack(folder: Path) -> float:
    """Write the photos as the kit `pack` does; the seconds it took."""
    sys.path.insert(0, "src")
    from bench.config import load
    from bench.kits.pack import FOLDER, MARGIN
    from bench.packing import pack as write_shards

    config = load(Path("config.toml"))
    data = config.data.model_copy(update={"path": folder, "image_size": SIZE})
    begun = time.perf_counter()
    write_shards(config.model_copy(update={"data": data}), FOLDER, round(SIZE * MARGIN), 500)
    return time.perf_counter() - begun


def look(folder: Path) -> float:
    """Check every photo as the first run does, which later runs remember; the seconds it took."""
    sys.path.insert(0, "src")
    from bench.listing import look_at

    begun = time.perf_counter()
    look_at([str(file) for file in files_in(folder)], folder)
    return time.perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        command = [sys.executable, "-m", "frostline", "new", "bench", *ANSWERS.split()]
        subprocess.run(command, check=True)
        os.chdir("bench")
        for name, shape in SETS.items():
            make_images(Path(name), *shape)
        looked, packed = look(Path("small")), pack(Path("camera"))
        results = {name: {way: [] for way in WAYS if ONLY.get(way, name) == name} for name in SETS}
        for turn in range(ROUNDS):
            for name, ways in results.items():
                for way, turns in ways.items():
                    if found := measured(way, Path(name)):
                        turns.append(found)
                        print(turn, name, way, found, flush=True)
        text = table(results, looked, packed)
        os.chdir(ROOT)
    report = REPORT.read_text(encoding="utf-8")
    section = f"{START}\n{text}\n{END}"
    if START in report:
        report = re.sub(f"{START}.*{END}", lambda _: section, report, flags=re.DOTALL)
    else:
        report = f"{report.rstrip()}\n\n{section}\n"
    REPORT.write_text(report, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one_process(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
