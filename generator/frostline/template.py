"""Locates the template: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import functools
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = "{{cookiecutter.project_slug}}"
SOURCES = f"{PROJECT}/src/{{{{cookiecutter.package}}}}"
INCLUDE = re.compile(r'{% include "([^"]+)" %}\n')


@functools.cache
def template_dir() -> Path:
    """The folder that holds `cookiecutter.json`, the project and its partials."""
    here = Path(__file__).resolve().parent
    for candidate in (here.parents[1] / "template", here / "_template"):
        if (candidate / PROJECT).is_dir():
            return candidate
    raise FileNotFoundError(f"the template is missing from {here}; reinstall frostline")


@functools.cache
def template_context() -> dict[str, Any]:
    """The content of `cookiecutter.json`: the questions, and the private tables of the template."""
    path = template_dir() / "cookiecutter.json"
    context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return context


def project_source(file: str) -> str:
    """The text of a module of the generated project that is the same in all projects."""
    path, partials = template_dir() / file, template_dir() / "templates"
    return INCLUDE.sub(lambda m: (partials / m[1]).read_text("utf-8"), path.read_text("utf-8"))


def project_module(name: str, file: str) -> ModuleType:
    """A module of the generated project, so that the generator and the project agree.

    The code lives once, in the template. It is executed from its source: an import would leave
    bytecode in the template, and file names there are Jinja.
    """
    module = ModuleType(f"frostline._project.{name}")
    module.__package__ = "frostline._project"
    sys.modules[module.__name__] = module  # where dataclasses and relative imports find it
    exec(compile(project_source(file), str(template_dir() / file), "exec"), module.__dict__)
    return module
