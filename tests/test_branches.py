"""Every condition of the template goes both ways, counted while answers are rendered.

Jinja parses a template into a tree; here each condition in it (if, elif, inline if, and, or) is
wrapped in a filter that notes which way it went, and each loop in one that notes that it ran. An
`if` without an `else` has two ways as well. A file name and the default of a question are templates
too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from conftest import remembering
from support import PARTIALS, PROJECT, TEMPLATE, covering, render, text_files

parse_as_jinja_does = jinja2.Environment._parse


@dataclass(frozen=True, order=True)
class Way:
    """One outcome of one condition: where it is, its number in that template, and which way."""

    template: str
    line: int
    number: int
    way: str

    def __str__(self) -> str:
        return f"{self.template}:{self.line}, condition {self.number}: never {self.way}"


@dataclass
class Record:
    """The ways that there are in the templates met so far, and those that were gone."""

    possible: set[Way] = field(default_factory=set)
    gone: set[Way] = field(default_factory=set)

    def parse(self, environment: jinja2.Environment, source: str, name: str) -> nodes.Template:
        """Parse as Jinja does, with every condition wrapped."""
        tree = parse_as_jinja_does(environment, source, name, None)
        self.possible.add(Way(name, 1, 0, "rendered"))
        self.gone.add(Way(name, 1, 0, "rendered"))
        marked: nodes.Template = Marker(self, environment, name).visit(tree)
        return marked


class Marker(NodeTransformer):
    """Wraps the conditions of one template."""

    def __init__(self, record: Record, environment: jinja2.Environment, name: str) -> None:
        self.record, self.environment, self.name, self.number = record, environment, name, 0

    def visit_If(self, node: nodes.If | nodes.CondExpr) -> nodes.Node:
        node.test = self.wrapped(node.test)
        return self.generic_visit(node)

    visit_CondExpr = visit_If

    def visit_Or(self, node: nodes.Or | nodes.And) -> nodes.Node:
        node.left = self.wrapped(node.left)
        return self.generic_visit(node)

    visit_And = visit_Or

    def visit_For(self, node: nodes.For) -> nodes.Node:
        node.iter = self.wrapped(node.iter, ("run", "empty") if node.else_ else ("run",))
        if node.test:
            node.test = self.wrapped(node.test)
        return self.generic_visit(node)

    def wrapped(self, node: nodes.Expr, ways: tuple[str, ...] = ("true", "false")) -> nodes.Filter:
        self.number += 1
        places = [Way(self.name, node.lineno, self.number, way) for way in ways]
        self.record.possible.update(places)
        where = [nodes.Const(part) for part in (self.name, node.lineno, self.number)]
        wrapper = nodes.Filter(node, "_noted", where, [], None, None)
        wrapper.set_lineno(node.lineno).set_environment(self.environment)
        return wrapper


def templates() -> Iterator[tuple[str, str]]:
    """Every template with its name: files, partials, names of files, defaults of questions."""
    for folder in (PROJECT, PARTIALS):
        for path in text_files(folder):
            source = path.read_text(encoding="utf-8")
            if folder == PARTIALS or any(mark in source for mark in ("{{", "{%", "{#")):
                yield source, path.relative_to(folder).as_posix()
    for part in {part for path in PROJECT.rglob("*") for part in path.relative_to(PROJECT).parts}:
        if "{" in part:
            yield part, part
    for key, default in json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8")).items():
        if not key.startswith("_") and isinstance(default, str) and "{{" in default:
            yield default, f"default of {key}"


def all_ways() -> set[Way]:
    record = Record()
    environment = jinja2.Environment(extensions=["cookiecutter.extensions.SlugifyExtension"])
    environment.filters["_noted"] = str
    for source, name in templates():
        record.parse(environment, source, name)
    return record.possible


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    """Notes what Jinja does in this process from here on."""
    record, names = Record(), dict(templates())

    @jinja2.pass_context  # or Jinja works the condition out once, when it compiles
    def noted(_: Any, value: Any, name: str, line: int, number: int) -> Any:
        happened = ("true", "run") if value else ("false", "empty")
        record.gone.update(Way(name, line, number, way) for way in happened)
        return value

    def parse(environment: Any, source: str, name: str | None, _: str | None) -> nodes.Template:
        return record.parse(environment, source, name or names.get(source, source))

    monkeypatch.setitem(jinja2.filters.FILTERS, "_noted", noted)
    monkeypatch.setattr(jinja2.Environment, "_parse", parse)
    monkeypatch.setattr(jinja2.Environment, "compile", remembering({}))
    return record


def test_every_condition_goes_both_ways(record: Record, model: Path, tmp_path: Path) -> None:
    for number, answers in enumerate(covering(model)):
        render(answers, tmp_path / f"project-{number}")
    never = sorted(all_ways() - record.gone)
    assert not never, "\n".join(map(str, never))


def test_the_count_notices_what_never_happens(record: Record) -> None:
    source = "{% if a %}{{ 'x' if b else 'y' }}{% endif %}{% for _ in a %}{% endfor %}"
    environment = jinja2.Environment()
    for a, b in ((False, True), ([1], True)):
        environment.from_string(source).render(a=a or [], b=b)
    assert {str(way) for way in record.possible - record.gone} == {
        f"{source}:1, condition 2: never false"
    }
