"""The schedule that a set of answers stands for, with what trains in each stage.

The stages come from the template's own partial, the very text that goes into `config.toml`; the
layers from the template's own selectors; the numbers of parameters from the catalogue.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frostline import catalogue, network
from frostline.network import Parameters
from frostline.render import Renderer
from frostline.rules.examples import SAMPLE_CLASSES

BATCH_NORM = "BatchNormalization"


@dataclass(frozen=True)
class Stage:
    """One compile-and-fit; the counts are None where the backbone is not in the catalogue."""

    settings: Mapping[str, Any]  # the [[stage]] table as it stands in config.toml
    trains: str
    trainable: int | None = None
    frozen: int | None = None


@dataclass(frozen=True)
class Plan:
    """The stages, and what holds for all of them."""

    values: Mapping[str, Any]
    stages: Sequence[Stage]
    outputs: int | None
    head: int | None  # parameters, where the number of outputs is known
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """The stable form for scripts."""
        return {
            **{key: self.values[key] for key in ("backbone", "task", "freeze", "batch_norm")},
            "head": {"outputs": self.outputs, "parameters": self.head},
            "stages": [
                {
                    **stage.settings,
                    "trains": stage.trains,
                    "trainable": stage.trainable,
                    "frozen": stage.frozen,
                }
                for stage in self.stages
            ],
            "notes": list(self.notes),
        }


def make(values: Mapping[str, Any], notes: Iterable[str] = ()) -> Plan:
    """The plan for a complete set of answers."""
    tables = tomllib.loads(Renderer(values).partial("schedule.toml"))["stage"]
    outputs = _outputs(values)
    channels = catalogue.backbone(values["backbone"]).channels
    head = (channels + 1) * outputs if channels and outputs else None
    if values["backbone"] == "custom":
        head_trains = values["head"] == "new"
        stages = [Stage(table, _as_written(table["train"], head_trains)) for table in tables]
    else:
        stages = [_stage(table, values, head or 0) for table in tables]
    said = [*notes, *_notes(values, tables, head)]
    return Plan(values, stages, outputs, head, said)


def _outputs(values: Mapping[str, Any]) -> int | None:
    sampled = len(SAMPLE_CLASSES[values["task"]]) if values["sample_data"] else 0
    return values["outputs"] or len(values["classes"]) or sampled or None


def _stage(table: Mapping[str, Any], values: Mapping[str, Any], head: int) -> Stage:
    leaves, parameters = network.leaves(values["backbone"])
    flags = _training(table["train"], values)
    moving = sum(counts.trainable for counts, flag in zip(parameters, flags, strict=True) if flag)
    moving -= network.held_parameters(table.get("keep_filters", ()), values["backbone"], flags)
    total = sum(counts.trainable + counts.statistics for counts in parameters)
    trains = _in_words(leaves, parameters, flags, values["batch_norm"])
    return Stage(table, trains, moving + head, total - moving)


def _training(selectors: Sequence[str], values: Mapping[str, Any]) -> list[bool]:
    """Which leaves train: those selected, but BatchNorm only under the policy `train`."""
    leaves, _ = network.leaves(values["backbone"])
    flags = network.select(leaves, selectors, values["backbone"])
    held = values["batch_norm"] != "train"
    return [
        flag and not (held and leaf.kind == BATCH_NORM)
        for leaf, flag in zip(leaves, flags, strict=True)
    ]


def _in_words(
    leaves: Sequence[Any], parameters: Sequence[Parameters], flags: Sequence[bool], policy: str
) -> str:
    """`head`, `head + conv4, conv5` or `head + 12 layers in conv5`."""
    could: dict[str, int] = {}
    does: dict[str, int] = {}
    for leaf, counts, flag in zip(leaves, parameters, flags, strict=True):
        if counts.trainable and (policy == "train" or leaf.kind != BATCH_NORM):
            could[leaf.block] = could.get(leaf.block, 0) + 1
            does[leaf.block] = does.get(leaf.block, 0) + flag
    some = [block for block, count in does.items() if count]
    if not some:
        return "head"
    if any(does[block] < could[block] for block in some):
        count = sum(does.values())
        return f"head + {count} {'layer' if count == 1 else 'layers'} in {_blocks(some)}"
    return "head + everything" if len(some) == len(could) else f"head + {_blocks(some)}"


def _blocks(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{names[0]} … {names[-1]}"


def _as_written(selectors: Sequence[str], head_trains: bool) -> str:
    return " + ".join([*["head"] * head_trains, *[" ".join(selectors)] * bool(selectors)])


def _notes(
    values: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], head: int | None
) -> Iterable[str]:
    name, policy = values["backbone"], values["batch_norm"]
    if name == "custom":
        yield "the blocks and the numbers of parameters of your model are known at run time only"
        if not values["weights"].lower().endswith(".keras"):
            yield f"selectors on {values['weights']} are checked at run time only"
        return
    leaves, _ = network.leaves(name)
    norms = [leaf.kind == BATCH_NORM for leaf in leaves]
    if policy == "frozen" and any(norms):
        yield f"BatchNorm is frozen: the {sum(norms)} in {name} stay as pretrained in every stage"
    if policy == "adapt":
        yield f"BatchNorm adapts: the statistics of the {sum(norms)} in {name} follow the new data"
    if policy != "train" and values["freeze"] == "layers":
        chosen = network.select(leaves, tables[-1]["train"], name)
        won = sum(flag and norm for flag, norm in zip(chosen, norms, strict=True))
        if won:
            yield f"--batch-norm {policy} goes before --layers, which chose {won} of them"
    if policy == "train" and values["freeze"] == "filters":
        yield "a BatchNorm that reads held filters is frozen too, which is not counted here"
    if head is None:
        yield "the head is not counted: how many classes there are is known from the data only"
