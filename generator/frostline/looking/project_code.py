"""The generated project's own reading of folders, so that it finds what was found here."""

from __future__ import annotations

import functools
from types import ModuleType

from frostline.template import SOURCES, project_module

PARTIALS = "templates/source"


@functools.cache
def walk() -> ModuleType:
    """The module that finds the images: `walk`, `summary`, `FolderError`."""
    return project_module("walk", f"{SOURCES}/data/walk.py")


@functools.cache
def class_folders() -> ModuleType:
    """The module that tells splits from classes: `read`."""
    walk()
    return project_module("class_folders", f"{PARTIALS}/folder/layout.py")


@functools.cache
def masks() -> ModuleType:
    """The module that finds the mask of an image: `read`, `keys_of`."""
    walk()
    return project_module("masks", f"{PARTIALS}/masks/layout.py")
