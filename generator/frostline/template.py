"""Locates the template: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

PROJECT = "{{cookiecutter.project_slug}}"


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
