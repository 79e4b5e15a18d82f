"""One definition of every question: what is derived from it agrees with it."""

from __future__ import annotations

import ast
import json
from typing import Any

import click

from frostline.answers.context import context
from frostline.answers.questions import QUESTIONS
from frostline.answers.resolve import resolve
from frostline.answers.schema import schema
from frostline.commands import frostline
from frostline.template import template_context
from support import ROOT, TEMPLATE


def test_every_question_is_a_flag_a_key_and_a_line_of_cookiecutter_json() -> None:
    flags = {option for p in frostline.commands["new"].params for option in p.opts}
    keys = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    asked = [key for key in keys if not key.startswith("_")]
    assert asked == [question.key for question in QUESTIONS]
    properties = schema()["properties"]
    for question in QUESTIONS:
        assert question.key in properties
        if question.key != "project_slug":
            assert f"--{question.key.replace('_', '-')}" in flags


def test_plan_takes_the_same_choices_as_new() -> None:
    names = {
        name: {p.name for p in frostline.commands[name].params if isinstance(p, click.Option)}
        for name in ("new", "plan")
    }
    assert {question.key for question in QUESTIONS} - {"project_slug"} <= names["plan"]
    assert names["new"] - names["plan"] <= {"dry_run", "no_input", "defaults"}


def test_no_rule_hides_another_in_the_hook() -> None:
    """What is in several modules of the generator is in one there."""
    hook = (ROOT / "hooks" / "pre_gen_project.py").read_text(encoding="utf-8")
    copied = ast.parse(hook.partition("# --- end of the copy ---")[0])
    assigned = [x for x in copied.body if isinstance(x, ast.Assign | ast.AnnAssign)]
    names = [
        ast.unparse(x.target if isinstance(x, ast.AnnAssign) else x.targets[0]) for x in assigned
    ]
    names += [node.name for node in copied.body if isinstance(node, ast.FunctionDef)]
    assert {"SOURCES", "NAMING", "_layers"} < set(names)
    assert len(names) == len(set(names))


def test_the_hook_refuses_what_the_command_line_refuses() -> None:
    source = (ROOT / "hooks" / "pre_gen_project.py").read_text(encoding="utf-8")
    hook: dict[str, Any] = {}
    exec(source.partition("\nif __name__")[0], hook)
    texts = context(resolve({}).values)
    facts = template_context()["_backbones"]["tiny"]
    assert hook["problem"](texts, facts) is None
    filters = {"freeze": "filters", "unfreeze_blocks": "1", "filters": '["block1_conv1:0"]'}
    for answers, sentence in (
        ({"task": "sorting"}, "task takes multiclass, binary"),
        ({"kits": '["cash"]'}, "kits takes cache, check-data"),
        ({"kits": '["distribute"]'}, "the kit distribute needs the kit gpus"),
        (filters, "--freeze filters needs the kit filters"),
        ({"weights": "none"}, "--freeze staged freezes layers, and with --weights none"),
    ):
        assert sentence in hook["problem"](texts | answers, facts)
    for meant in ({"allow_random": "yes"}, {"freeze": "none"}):
        assert hook["problem"](texts | {"weights": "none"} | meant, facts) is None
    assert hook["problem"](texts | filters | {"kits": '["filters"]'}, facts) is None


def test_the_schema_knows_the_choices() -> None:
    properties = schema()["properties"]
    assert "ResNet50" in properties["backbone"]["enum"]
    assert "staged" in properties["freeze"]["enum"]
    assert schema()["additionalProperties"] is False
