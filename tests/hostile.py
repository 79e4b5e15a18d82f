"""Texts that are meant to break out of where they are put, and what has to come of them."""

from __future__ import annotations

import ast
import re
import tempfile
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from frostline.errors import UserError
from support import Answers, Project, render, text_files

BAITS = (
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# comment",
    "{{ cookiecutter.__class__.__mro__ }}",
    '"; import os; os.system("true") #',
    "'''",
    '"""',
    "\\",
    "\\u0041",
    "\\N{BULLET}",
    "${{ github.token }}",
    "$(id)`id`",
    "# no comment",
    "[table]",
    "- item: *anchor",
    "<script>|</script>",
    "\U0001f600\u200d\u0301",
    "\u202e\ufeff",
    "日本語",
    "../up",
    "CON",
    "a" * 500,
)
PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cn", "Co", "Cs", "Zl", "Zp")))
TEXT = st.one_of(
    PRINTABLE,
    st.lists(st.sampled_from(BAITS), min_size=1, max_size=4).map("".join),
    st.text(alphabet="{}%#\\'\" $=[]:,aß", max_size=12),
    st.text(max_size=20),
)
CLASSES = st.lists(TEXT, min_size=2, max_size=4, unique_by=str.casefold).map(
    lambda names: [name.replace("/", "|").replace("\\", "|") for name in names]
)
SELECTORS = st.lists(
    TEXT | TEXT.map(lambda text: f"re:conv|{re.escape(text)}") | TEXT.map("conv*[!{}]".format)
)
SETTINGS = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def plain(text: str) -> str:
    """A text as it is kept: composed, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def outcome(answers: Answers, check: Callable[[Project], None]) -> None:
    """Either `check` likes the project, or there is none and a sentence says why."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "demo"
        try:
            project = render(answers, where)
        except UserError as problem:
            left = list(Path(folder).iterdir())
            refused = str(problem)
        else:
            refused = ""
            check(project)
            parses(project)
        if refused:
            assert left == []
            assert refused.strip()
            assert "Traceback" not in refused


def parses(project: Project) -> None:
    """Every file of a kind that a parser reads is read by it."""
    for path in text_files(project.path):
        text = path.read_bytes().decode("utf-8")
        if path.suffix == ".py":
            ast.parse(text)
        elif path.suffix == ".toml":
            tomllib.loads(text)
        elif path.suffix in (".yml", ".yaml"):
            list(yaml.safe_load_all(text))
