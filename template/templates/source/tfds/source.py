"""A data set of TensorFlow Datasets, by its name."""

from pathlib import Path
from typing import Any

from ..config import Config, ConfigError
from ..examples import SPLITS, Item
from .shards import Keys, items_in


def find(config: Config) -> tuple[tuple[str, ...], list[Item]]:
    """The name of the one column of labels, and the images."""
    data = config.data
    builder = _prepared(config)
    features = builder.info.features
    for key in (data.image, data.label):
        if key not in features:
            raise ConfigError(
                f"'{data.name}' has no feature '{key}'; it has {', '.join(features)}. "
                "See [data] in config.toml"
            )
    names = getattr(features[data.label], "names", None) or []
    shards = [
        (shard, split)
        for split in SPLITS
        if split in builder.info.splits
        for shard in map(Path, builder.info.splits[split].filepaths)
    ]
    keys = Keys(data.image, data.label, split="", group=data.group)

    def name(text: str) -> str:
        if not names:
            return text
        if not 0 <= int(text) < len(names):
            raise ConfigError(f"'{data.name}' has images without a label ({text})")
        return str(names[int(text)])

    items = items_in(shards, keys, name)
    if not items:
        raise ConfigError(f"'{data.name}' has no images for {', '.join(SPLITS)}")
    return (data.label,), items


def _prepared(config: Config) -> Any:
    """The data set, downloaded and written as TFRecord files where it is not yet there."""
    try:
        import tensorflow_datasets as tfds
    except ImportError:
        raise ConfigError(
            "TensorFlow Datasets is not installed: pip install tensorflow-datasets"
        ) from None
    name, folder = config.data.name, config.data.path
    try:
        builder = tfds.builder(name, data_dir=folder)
    except (tfds.core.DatasetNotFoundError, ValueError) as problem:
        raise ConfigError(
            f"TensorFlow Datasets does not know '{name}' ({_first(problem)}); see [data] name in "
            "config.toml"
        ) from None
    try:
        builder.download_and_prepare()
    except Exception as problem:  # a builder runs code of its own, and talks to any server
        raise ConfigError(
            f"'{name}' could not be prepared in {folder}: {_first(problem)}. It is downloaded "
            "once; where there is no network, copy the folder from a machine that has one"
        ) from None
    if builder.info.file_format.value != "tfrecord":
        raise ConfigError(f"'{name}' in {folder} is not stored as TFRecord files; prepare it anew")
    return builder


def _first(problem: Exception) -> str:
    return (str(problem).strip() or type(problem).__name__).splitlines()[0].rstrip(".")
