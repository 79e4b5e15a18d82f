"""config.toml as typed values, so that a wrong key or value is named before anything runs."""

import contextlib
import json
import os
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .errors import ConfigError as ConfigError
from .errors import mistakes

MOST = 1_000_000  # of anything that is counted
Share = Annotated[float, Field(ge=0, lt=1)]
Rate = Annotated[float, Field(gt=0, le=MOST)]
Weight = Annotated[float, Field(ge=0, le=MOST)]
Count = Annotated[int, Field(ge=1, le=MOST)]
CountOrNone = Annotated[int, Field(ge=0, le=MOST)]
Text = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of config.toml: nothing but its own keys, and read-only.

    A run does not keep what is excluded: it leaves the result as it is, and may change on the way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


{% include "config/tables.j2" %}


def load(path: Path, overrides: Iterable[str] = ()) -> Config:
    """Read and validate the file and its overrides; paths in it are relative to its folder."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"there is no {path}; run inside the project or give --config") from None
    except (ValueError, RecursionError) as problem:  # int() refuses more than 4300 digits
        raise ConfigError(f"{path} is not valid TOML: {problem}") from None
    for override in overrides:
        text = ""  # its lines no longer tell where a value comes from
        _override(values, override)
    config = parse(values, path.name, text)
    here, weights = path.parent, config.backbone.weights
    data = config.data.model_copy(update={"path": here / os.path.expanduser(config.data.path)})
    if weights not in ("imagenet", "none"):
        weights = str(here / os.path.expanduser(weights))
    backbone = config.backbone.model_copy(update={"weights": weights})
    return config.model_copy(update={"data": data, "backbone": backbone})


def parse(values: dict[str, Any], name: str = "config.toml", text: str = "") -> Config:
    """Validate values that are already read; the text tells on which line each stands."""
    try:  # as JSON, where a list may be a tuple, but True is no number and "3" neither
        plain = json.dumps(values, default=lambda day: {"date": str(day)})  # which is no text
        return Config.model_validate_json(plain, strict=True)
    except ValidationError as problem:
        raise ConfigError(mistakes(problem.errors(), name, text, _keys)) from None


def _override(table: Any, override: str) -> None:
    """Put the value of ``TABLE.KEY=VALUE`` into its table; a stage goes by its name."""
    place, _, text = override.partition("=")
    *path, key = place.strip().split(".")
    for part in path:
        if isinstance(table, list):
            table = {x.get("name"): x for x in table if isinstance(x, dict)}.get(part)
        elif isinstance(table, dict):
            table = table.setdefault(part, {})
    if not isinstance(table, dict):
        raise ConfigError(f"--set {override}: config.toml has no table {'.'.join(path)}")
    table[key] = text  # which the shell may have stripped of its quotes
    with contextlib.suppress(ValueError, RecursionError):  # as in the file, see `load`
        table[key] = tomllib.loads(f"value = {text}")["value"]


def _keys(table: tuple[str | int, ...]) -> Collection[str]:
    """The keys that a table may have."""
    fields: Any = Config.model_fields
    if table:
        fields = (Stage if table[0] == "stage" else fields[table[0]].annotation).model_fields
    return list(fields)
