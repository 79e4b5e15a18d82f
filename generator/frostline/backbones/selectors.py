"""Loads the generated project's own selectors, so that the generator and the project agree.

The code lives once, in the template. It is executed from its source: an import would leave
bytecode in the template, and file names there are Jinja.
"""

from __future__ import annotations

import functools
import sys
from types import ModuleType

from frostline.template import PROJECT, template_dir

SOURCES = "src/{{cookiecutter.package}}"
SELECTORS = "freezing/selectors.py"
RANGES = "kits/filters/{% if 'filters' in cookiecutter.kits %}ranges.py{% endif %}"


@functools.cache
def selectors() -> ModuleType:
    """The module that chooses layers: `Leaf`, `select`, `stable_name`, `SelectorError`."""
    return _load("selectors", SELECTORS)


@functools.cache
def filter_ranges() -> ModuleType:
    """The module that reads `LAYER:FIRST-LAST`: `held_layer`, `held_positions`."""
    return _load("ranges", RANGES)


def _load(name: str, file: str) -> ModuleType:
    path = template_dir() / PROJECT / SOURCES / file
    module = ModuleType(f"frostline._{name}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    return module
