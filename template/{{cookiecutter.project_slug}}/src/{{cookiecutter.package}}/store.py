"""Arrays that are filled once and read by the batch: in memory, or in files that other runs find.

A file has its name only once it is complete. The name is a hash of everything that its content
depends on, so a stale file is never found.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from .config import ConfigError

FOLDER = Path("cache")
SHARE_OF_MEMORY = 0.25
SHARE_OF_DISK = 0.5
A_DAY = 24 * 60 * 60
ALIGNMENT = 64  # bytes
PATIENCE = 60  # seconds

Spec = tuple[tuple[int, ...], str]  # the shape and the type of an array


@dataclass
class Store:
    """Rows of one or more arrays, and which of them are there already."""

    arrays: list[Any]  # of NumPy, some of them maps of files
    there: np.ndarray
    files: list[tuple[Path, Path]] = field(default_factory=list)  # as written, and as kept
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def full(self) -> bool:
        return not self.files and bool(self.there.all())

    def put(self, rows: np.ndarray, *values: np.ndarray) -> None:
        """Store some rows; with the last of them, files get their names."""
        for array, part in zip(self.arrays, values, strict=True):
            array[rows] = part
        with self._lock:
            self.there[rows] = True
            if self.files and self.there.all():
                for array, (fresh, path) in zip(self.arrays, self.files, strict=True):
                    array.flush()
                    os.replace(fresh, path)
                self.files = []

    def record(self, rows: tf.Tensor, *values: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Store some rows inside a tf.data pipeline, and pass them on."""
        with tf.control_dependencies([tf.numpy_function(self.put, [rows, *values], [])]):
            return tf.identity(rows), *values

    def gather(self, rows: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """The numbers of some rows and the rows, inside a tf.data pipeline."""
        return rows, *(tf.gather(tensor, rows) for tensor in self.tensors)

    @cached_property
    def tensors(self) -> list[tf.Tensor]:
        """The arrays as TensorFlow sees them: the same memory, so nothing is copied but the rows.

        A batch costs one copy, without Python and its lock: five times what NumPy hands over.
        """
        return [tf.experimental.dlpack.from_dlpack(array.__dlpack__()) for array in self.arrays]


def ahead(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Batches made while the model is at work.

    TensorFlow would rewrite the pipeline before it runs, and for that copy every array whole that
    rows are gathered from; so it takes the pipeline as it stands. Nor does it tune what is fixed:
    the thread that would do so may sleep for a minute, and now and then the end waits for it.
    """
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.autotune.enabled = False
    return batches.prefetch(tf.data.AUTOTUNE).with_options(options)


def open_store(place: str, name: str, specs: Sequence[Spec]) -> Store:
    """A store to fill, in memory or on disk; what an earlier run has completed is there at once."""
    count = specs[0][0][0]
    if place == "memory":
        return Store([_in_memory(*spec) for spec in specs], np.zeros(count, bool))
    FOLDER.mkdir(exist_ok=True)
    paths = _paths(name, len(specs))
    if all(path.exists() for path in paths):
        return kept_store(name, len(specs))
    for old in FOLDER.glob("*.new"):  # what a run left that was killed
        if time.time() - old.stat().st_mtime > A_DAY:
            old.unlink(missing_ok=True)
    fresh = [FOLDER / f"{name}-{number}.{os.getpid()}.new" for number in range(len(specs))]
    arrays = [_on_disk(path, *spec) for path, spec in zip(fresh, specs, strict=True)]
    return Store(arrays, np.zeros(count, bool), list(zip(fresh, paths, strict=True)))


def _in_memory(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An array that begins where TensorFlow wants its tensors to begin."""
    size = size_of([(shape, dtype)])
    room = np.empty(size + ALIGNMENT, np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    return room[start : start + size].view(dtype).reshape(shape)


def kept_store(name: str, count: int) -> Store:
    """A store of so many arrays that is complete; another machine's files take a while to show."""
    paths = _paths(name, count)
    for _ in range(PATIENCE):
        if all(path.exists() for path in paths):
            break
        time.sleep(1)
    else:
        raise ConfigError(
            f"{paths[0]} is not there, though another worker has written it: all workers must "
            "run in one folder that their machines share"
        )
    arrays = [np.load(path, mmap_mode="c") for path in paths]
    return Store(arrays, np.ones(len(arrays[0]), bool))


def _paths(name: str, count: int) -> list[Path]:
    return [FOLDER / f"{name}-{number}.npy" for number in range(count)]


def _on_disk(path: Path, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """A map of a new file whose room is taken at once: a disk that fills up later is fatal."""
    values: np.ndarray = np.lib.format.open_memmap(path, "w+", np.dtype(dtype), shape)
    try:
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    except OSError as problem:
        path.unlink()
        raise ConfigError(
            f"there is no room on the disk for {values.nbytes / 1e9:.1f} GB in {FOLDER} "
            f"({problem.strerror}); see keep in [data] and mode in [cache] of config.toml"
        ) from None
    return values


def size_of(specs: Sequence[Spec]) -> int:
    """The bytes that arrays take."""
    return sum(int(np.prod(shape)) * np.dtype(dtype).itemsize for shape, dtype in specs)


def choose_place(mode: str, size: int) -> str:
    """Memory, disk or off: as configured, or by the bytes that there are to keep."""
    if mode != "auto":
        return mode
    if size < SHARE_OF_MEMORY * os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        return "memory"
    return "disk" if size < SHARE_OF_DISK * shutil.disk_usage(".").free else "off"
