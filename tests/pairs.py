"""Arrays of answers in which each pair that the rules allow is in some row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allpairspy import AllPairs

from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from frostline.backbones import catalogue
from support import Answers, strategy

Row = dict[str, Any]
Parameters = Mapping[str, Sequence[Any]]
Pair = frozenset[tuple[str, str]]
KITS = tuple(BY_KEY["kits"].choices)
NORM = "BatchNormalization"


def makes_sense(row: Row) -> bool:
    """What the rules allow, said again in other words; `row` may lack keys."""
    custom, freeze = row.get("backbone") == "custom", row.get("freeze")
    found = None if "backbone" not in row or custom else catalogue.backbone(row["backbone"])
    policy, blocks = row.get("batch_norm"), row.get("unfreeze_blocks")
    random, own = row.get("weights", "none") == "none", custom or row.get("head")
    freezes, allowed = row.get("freeze", "none") != "none", row.get("allow_random", True)
    return not (
        ("data" in row and "task" in row and row["data"] not in SOURCES[row["task"]])
        or (freeze == "norm" and policy in ("frozen", "adapt"))
        or (freeze == "norm" and found and not found.norm_layers)
        or (blocks and freeze not in (None, "top", "staged", "filters"))
        or (found and policy in ("adapt", "train") and NORM not in found.norm_kinds)
        or (own and (row.get("weights") == "none" or row.get("image_size") or blocks == "all"))
        or (row.get("allow_random") and (own or not random))
        or (row.get("weights") == "none" and freezes and not allowed)
        or (row.get("head") and (found or row.get("task") == "segmentation"))
        or (freeze == "filters" and (row.get("filters") is False or row.get("kits") == []))
        or (row.get("distribute") and row.get("gpus") is False)
    )


def pairs(row: Row) -> Iterator[Pair]:
    """Every two values of the row."""
    for one, other in itertools.combinations(row.items(), 2):
        yield frozenset((key, repr(value)) for key, value in (one, other))


def every_two(parameters: Parameters) -> Iterator[Row]:
    """Every pair of values that there is, as a row of two keys."""
    for one, other in itertools.combinations(parameters, 2):
        for a, b in itertools.product(parameters[one], parameters[other]):
            yield {one: a, other: b}


def wanted(parameters: Parameters) -> dict[Pair, Row]:
    """The pairs that the rules allow."""
    return {next(pairs(two)): two for two in every_two(parameters) if makes_sense(two)}


def refused(parameters: Parameters) -> Iterator[Row]:
    """Every pair that makes no sense, with whatever is the default beside it."""
    defaults = {key: values[0] for key, values in parameters.items()}
    for two in every_two(parameters):
        if not makes_sense(two):
            keep = {"backbone": "custom"} if "keep" in two.values() else {}
            yield {**defaults, **keep, **two}


def rows(parameters: Parameters) -> Iterator[Row]:
    """The library's array, and a row for each pair that it misses: it never takes a choice back."""
    keys, seen = list(parameters), set()

    def allowed(values: list[Any]) -> bool:
        return makes_sense(dict(zip(keys, values, strict=False)))

    for values in AllPairs(list(parameters.values()), filter_func=allowed):
        row = dict(zip(keys, values, strict=True))
        seen.update(pairs(row))
        yield row
    for pair, two in wanted(parameters).items():
        if pair not in seen:
            row = completed(two, parameters)
            assert row is not None, f"nothing goes with {two}, so it is no pair to want"
            seen.update(pairs(row))
            yield row


def completed(row: Row, parameters: Parameters) -> Row | None:
    """The row with a value for every question, if there is one."""
    missing = [key for key in parameters if key not in row]
    if not missing:
        return row
    key = missing[0]
    tries = ({**row, key: value} for value in parameters[key])
    found = (completed(more, parameters) for more in tries if makes_sense(more))
    return next((full for full in found if full is not None), None)


def answers_of(row: Row) -> Answers:
    """A row of the array as answers; None is the default."""
    names = {"binary": ["no", "yes"]}.get(row["task"], ["a", "b", "c"])
    answers = {**strategy(row["freeze"], row["backbone"])}
    answers |= {k: v for k, v in row.items() if k not in (*KITS, "names") and v is not None}
    if "kits" not in row:
        answers["kits"] = [kit for kit in KITS if row[kit]]
    if row.get("names"):
        answers[row["names"]] = names if row["names"] == "classes" else len(names)
    return answers
