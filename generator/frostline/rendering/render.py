"""Renders the template with cookiecutter's Jinja environment, to the same bytes as cookiecutter.

Cookiecutter's own loop is not called: it imports a prompt library and an HTTP client, compiles
every file as a template and cannot list in advance which files it will write.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frostline.answers.context import context, environment
from frostline.template import PROJECT, template_context, template_dir

if TYPE_CHECKING:
    from jinja2 import Environment

# What pip, editors and tests leave behind in a template.
JUNK = {"__pycache__", ".DS_Store", ".ruff_cache", ".pytest_cache", ".mypy_cache"}


class Renderer:
    """The template with one set of answers."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._context = {"cookiecutter": context(values)}
        self._unrendered = self._context["cookiecutter"].get("_copy_without_render", [])
        self._name = functools.cache(self._text)
        for key, text in template_context().items():
            if key.startswith("__") and isinstance(text, str):  # a rendered private variable
                self._context["cookiecutter"][key] = self._text(text)

    @functools.cached_property
    def _jinja(self) -> Environment:
        from jinja2 import FileSystemLoader

        jinja = environment()
        jinja.loader = FileSystemLoader([template_dir() / PROJECT, template_dir() / "templates"])
        return jinja

    def _text(self, template: str) -> str:
        if not any(mark in template for mark in ("{{", "{%", "{#")):
            return template.replace("\r\n", "\n")
        return self._jinja.from_string(template).render(self._context)

    def partial(self, name: str) -> str:
        """One rendered partial of the template."""
        return self._jinja.get_template(name).render(self._context)

    def files(self) -> Iterator[tuple[str, Path]]:
        """The path of each file in the project, with its source in the template.

        A file whose name renders to nothing is left out.
        """
        root = template_dir() / PROJECT
        for source in _walk(root):
            parts = [self._name(part) for part in source.relative_to(root).parts]
            if all(parts):
                yield "/".join(parts), source

    def write(self, project: Path) -> None:
        """Write every file below the project's folder."""
        made: set[Path] = set()
        for path, source in self.files():
            target = project / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            target.write_bytes(self._content(source))
            shutil.copymode(source, target)

    def _content(self, source: Path) -> bytes:
        data = source.read_bytes()
        path = source.relative_to(template_dir() / PROJECT).as_posix()
        if b"\0" in data or any(fnmatch(path, pattern) for pattern in self._unrendered):
            return data
        return self._text(data.decode("utf-8")).encode("utf-8")


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name in JUNK or entry.name.endswith((".pyc", ".pyo")):
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path))
            else:
                yield Path(entry.path)
