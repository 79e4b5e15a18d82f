"""config.toml as typed values, so that a wrong key or value is named before anything runs."""

from __future__ import annotations

import contextlib
import difflib
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Share = Annotated[float, Field(ge=0, lt=1)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
CountOrNone = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]


class ConfigError(ValueError):
    """A mistake in config.toml or in the data; the message is meant for the user."""


class Table(BaseModel):
    """A table of config.toml: nothing but its own keys, and read-only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


{% include "config/tables.j2" %}


def load(path: Path, overrides: Iterable[str] = ()) -> Config:
    """Read and validate the file and its overrides; paths in it are relative to its folder."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; run inside the project or give --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} is not valid TOML: {problem}") from None
    for override in overrides:
        _override(values, override)
    config = parse(values, path.name)
    here, weights = path.parent, config.backbone.weights
    data = config.data.model_copy(update={"path": here / os.path.expanduser(config.data.path)})
    if weights not in ("imagenet", "none"):
        weights = str(here / weights)
    backbone = config.backbone.model_copy(update={"weights": weights})
    return config.model_copy(update={"data": data, "backbone": backbone})


def parse(values: dict[str, Any], name: str = "config.toml") -> Config:
    """Validate values that are already read."""
    try:
        return Config.model_validate(values)
    except ValidationError as problem:
        raise ConfigError("\n".join(_sentence(e, name) for e in problem.errors())) from None


def _override(table: Any, override: str) -> None:
    """Put the value of ``TABLE.KEY=VALUE`` into its table; a stage goes by its name."""
    place, _, text = override.partition("=")
    *path, key = place.strip().split(".")
    for part in path:
        if isinstance(table, list):
            table = {stage.get("name"): stage for stage in table}.get(part)
        elif isinstance(table, dict):
            table = table.setdefault(part, {})
    if not isinstance(table, dict):
        raise ConfigError(f"--set {override}: config.toml has no table {'.'.join(path)}")
    table[key] = text  # which the shell may have stripped of its quotes
    with contextlib.suppress(tomllib.TOMLDecodeError):
        table[key] = tomllib.loads(f"value = {text}")["value"]


def _sentence(error: Any, name: str) -> str:
    *table, key = error["loc"] or ("",)
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in table)
    place = f"{name}, [{where.lstrip('.')}]" if where else name
    if error["type"] == "extra_forbidden":
        known: Any = Config.model_fields
        if table:
            known = (Stage if table[0] == "stage" else known[table[0]].annotation).model_fields
        near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
        return f"{place}: unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if error["type"] == "missing":
        return f"{place}: {key!r} is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{place}: {key} = {error['input']!r}: {message}" if key != "" else f"{place}: {message}"
