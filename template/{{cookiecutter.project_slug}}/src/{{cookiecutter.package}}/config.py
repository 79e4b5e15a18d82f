"""config.toml as typed values, so that a wrong key or value is named before anything runs."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from .source_settings import Data
from .table import Count, CountOrNone, Rate, Share, Table, Text
from .task_settings import Task


class ConfigError(ValueError):
    """A mistake in config.toml or in the data; the message is meant for the user."""


class Backbone(Table):
    name: str
    weights: str
    batch_norm: Literal["frozen", "adapt", "train"]
    blocks: dict[str, int | str]
    keep_head: bool = False


class Head(Table):
    classes: tuple[str, ...] = ()
    outputs: CountOrNone = 0
    pool: Literal["average", "max", "flatten"] = "average"
    hidden: tuple[Count, ...] = ()
    dropout: Share = 0.2


class Training(Table):
    seed: CountOrNone = 7
    optimizer: Literal["sgd", "adam", "adamw"] = "adamw"
    weight_decay: Annotated[float, Field(ge=0)] = 1e-4
    deterministic: bool = True


class Devices(Table):
    device: Literal["auto", "cpu", "gpu"] = "auto"
    gpus: tuple[CountOrNone, ...] = ()
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"] = "auto"
    xla: Literal["auto", "on", "off"] = "auto"
    memory_limit_mb: CountOrNone = 0
    async_allocator: bool = False
    threads: CountOrNone = 0
    strategy: Literal["auto", "one", "mirrored", "workers"] = "auto"
    batch: Literal["whole", "each"] = "whole"
    scale_rate: Literal["none", "linear", "sqrt"] = "none"
    sync_batch_norm: bool = True


class Stage(Table):
    name: Text
    train: tuple[str, ...]
    epochs: Count
    learning_rate: Rate
    decay: Literal["constant", "cosine"] = "cosine"
    warmup: Share = 0.1
    block_decay: Annotated[float, Field(gt=0, le=1)] = 1.0
    patience: CountOrNone = 0
    keep_filters: tuple[Text, ...] = ()
    augment: Literal["none", "light", "strong"] = "none"


class Cache(Table):
    mode: Literal["auto", "memory", "disk", "off"] = "auto"
    views: CountOrNone = 0


class Config(Table):
    data: Data
    backbone: Backbone
    head: Head = Head()
    task: Task = Task()
    training: Training = Training()
    devices: Devices = Devices()
    cache: Cache = Cache()
    stage: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _stage_names_differ(self) -> Config:
        names = [stage.name for stage in self.stage]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two stages are called {sorted(twice)[0]!r}; each needs its own name")
        return self


def load(path: Path) -> Config:
    """Read and check the file; paths in it are relative to its folder."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; run inside the project or give --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is not valid TOML: {problem}") from None
    config = parse(values, path.name)
    here = path.parent
    data = config.data.model_copy(update={"path": here / config.data.path})
    weights = config.backbone.weights
    if weights not in ("imagenet", "none"):
        weights = str(here / weights)
    backbone = config.backbone.model_copy(update={"weights": weights})
    return config.model_copy(update={"data": data, "backbone": backbone})


def parse(values: dict[str, Any], name: str = "config.toml") -> Config:
    """Check values that are already read."""
    try:
        return Config.model_validate(values)
    except ValidationError as problem:
        raise ConfigError("\n".join(_sentence(e, name) for e in problem.errors())) from None


def _sentence(error: Any, name: str) -> str:
    *table, key = error["loc"] or ("",)
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in table)
    place = f"{name}, [{where.lstrip('.')}]" if where else name
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(key), _keys(table), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{place}: unknown key {key!r}{hint}"
    if error["type"] == "missing":
        return f"{place}: {key!r} is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{place}: {key} = {error['input']!r}: {message}" if key != "" else f"{place}: {message}"


def _keys(table: list[int | str]) -> list[str]:
    tables: dict[str, type[Table]] = {
        "data": Data,
        "backbone": Backbone,
        "head": Head,
        "task": Task,
        "training": Training,
        "devices": Devices,
        "cache": Cache,
        "stage": Stage,
    }
    return list((tables[str(table[0])] if table else Config).model_fields)
