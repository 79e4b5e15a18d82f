"""The generated project's own selectors, which choose layers here as they do there."""

from __future__ import annotations

import functools
from types import ModuleType

from frostline.template import SOURCES, project_module

SELECTORS = f"{SOURCES}/freezing/selectors.py"
RANGES = f"{SOURCES}/kits/filters/{{% if 'filters' in cookiecutter.kits %}}ranges.py{{% endif %}}"


@functools.cache
def selectors() -> ModuleType:
    """The module that chooses layers: `Leaf`, `select`, `stable_name`, `SelectorError`."""
    return project_module("selectors", SELECTORS)


@functools.cache
def filter_ranges() -> ModuleType:
    """The module that reads `LAYER:FIRST-LAST`: `held_layer`, `held_positions`."""
    return project_module("ranges", RANGES)
