"""Valid texts, folder names and package names.

`tools/sync.py` copies this module into the pre-generation hook, so that stock cookiecutter
refuses the same names: it uses the standard library only. Each function returns the sentence
that refuses a name, or None.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

RESERVED_BY_WINDOWS = {"con", "prn", "aux", "nul"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789"
}
IMPORTED_BY_THE_PROJECT = {
    "absl",
    "click",
    "cv2",
    "frostline",
    "grpc",
    "h5py",
    "helpers",
    "jinja2",
    "keras",
    "matplotlib",
    "ml_dtypes",
    "mlflow",
    "mypy",
    "namex",
    "numpy",
    "optree",
    "packaging",
    "pandas",
    "pil",
    "pip",
    "pydantic",
    "pytest",
    "questionary",
    "requests",
    "rich",
    "ruff",
    "scipy",
    "setuptools",
    "sklearn",
    "src",
    "tensorboard",
    "tensorflow",
    "test",
    "tests",
    "tomllib",
    "wheel",
    "wrapt",
    "yaml",
}


def text_problem(text: str) -> str | None:
    """Control characters and lone surrogates cannot be written to every kind of file."""
    for character in text:
        code = ord(character)
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE:
            return (
                f"{text!a} contains the character U+{code:04X}; "
                "line breaks and control characters are not allowed"
            )
    return None


def folder_problem(name: str) -> str | None:
    """A folder name has to be valid on every system, and as the name of a Python distribution."""
    if re.search(r"[/\\:]", name) or name in ("", ".", ".."):
        return f"'{name}' is a path, and the name of a folder is expected"
    if name.casefold().split(".")[0] in RESERVED_BY_WINDOWS:
        return f"the folder name '{name}' is reserved by Windows"
    if len(name) > 64:
        return f"the folder name '{name[:20]}…' is longer than 64 characters"
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
        return (
            f"the folder name '{name}' may contain only letters (a to z) and digits, "
            "with -, _ or . between them"
        )
    return None


def package_problem(name: str) -> str | None:
    """A package name has to be importable, and must not shadow a module that the project needs."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return (
            f"the package name '{name}' may contain only lower-case letters, digits and _, "
            "and has to start with a letter"
        )
    if len(name) > 40:
        return f"the package name '{name[:20]}…' is longer than 40 characters"
    for rule, names in {
        "a keyword of Python": keyword.kwlist,
        "a module of the standard library": sys.stdlib_module_names,
        "a package that the project or its tools import": IMPORTED_BY_THE_PROJECT,
        "reserved by Windows": RESERVED_BY_WINDOWS,
    }.items():
        if name in names:
            return f"the package name '{name}' is {rule}"
    return None
