"""The schedule that a set of answers leads to, with what trains in each stage.

The stages are read from the rendered partial that goes into `config.toml`, and the layers are
chosen by the project's own selectors, so that the plan cannot differ from the project. The
parameter counts come from the catalogue.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frostline.answers.rules.examples import SAMPLE_CLASSES
from frostline.backbones import catalogue, layers, own_model
from frostline.backbones.layers import Parameters
from frostline.rendering.render import Renderer
from frostline.tables import count, table

BATCH_NORM = "BatchNormalization"


@dataclass(frozen=True)
class Stage:
    """One compile-and-fit; the counts are None for the user's own model."""

    settings: Mapping[str, Any]  # the [[stage]] table of config.toml
    trains: str
    trainable: int | None = None
    frozen: int | None = None


@dataclass(frozen=True)
class Plan:
    """The stages, the size of the head, and notes on what may surprise."""

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

    def as_text(self) -> str:
        """The stages, a line each, and the notes."""
        rows = [
            [
                stage.settings["name"],
                stage.trains,
                count(stage.trainable),
                count(stage.frozen),
                f"{stage.settings['learning_rate']:g}",
                str(stage.settings["epochs"]),
            ]
            for stage in self.stages
        ]
        titles = ("stage", "what trains", "trainable", "frozen", "rate", "epochs, at most")
        text = table(titles, rows, right=(2, 3, 4, 5))
        end = "A stage ends, with its best weights, when validation no longer improves."
        return "\n".join([text, end, *(f"note: {note}" for note in self.notes)])


def make(values: Mapping[str, Any], notes: Iterable[str] = ()) -> Plan:
    """The plan for a complete set of answers."""
    tables = tomllib.loads(Renderer(values).partial("schedule.toml"))["stage"]
    outputs = _outputs(values)
    channels = catalogue.backbone(values["backbone"]).channels
    head = (channels + 1) * outputs if channels and outputs else None
    if values["backbone"] == "custom":
        head_trains = values["head"] == "new"
        stages = [Stage(entry, _selectors(entry["train"], head_trains)) for entry in tables]
    else:
        stages = [_stage(entry, values, head or 0) for entry in tables]
    return Plan(values, stages, outputs, head, [*notes, *_notes(values, tables, head)])


def _outputs(values: Mapping[str, Any]) -> int | None:
    """How many outputs the head has, where that is known before the data are read."""
    in_sample = len(SAMPLE_CLASSES[values["task"]]) if values["sample_data"] else 0
    return values["outputs"] or len(values["classes"]) or in_sample or None


def _stage(settings: Mapping[str, Any], values: Mapping[str, Any], head: int) -> Stage:
    leaves, parameters = layers.leaves(values["backbone"])
    flags = _training(settings["train"], values)
    trainable = sum(
        counts.trainable for counts, flag in zip(parameters, flags, strict=True) if flag
    )
    trainable -= layers.held_parameters(settings.get("keep_filters", ()), values["backbone"], flags)
    total = sum(counts.trainable + counts.statistics for counts in parameters)
    trains = _summary(leaves, parameters, flags, values["batch_norm"])
    return Stage(settings, trains, trainable + head, total - trainable)


def _training(selectors: Sequence[str], values: Mapping[str, Any]) -> list[bool]:
    """One flag per leaf: the selected leaves train, BatchNorm only under the policy `train`."""
    leaves, _ = layers.leaves(values["backbone"])
    flags = layers.select(leaves, selectors, values["backbone"])
    frozen = values["batch_norm"] != "train"
    return [
        flag and not (frozen and leaf.kind == BATCH_NORM)
        for leaf, flag in zip(leaves, flags, strict=True)
    ]


def _summary(
    leaves: Sequence[Any], parameters: Sequence[Parameters], flags: Sequence[bool], policy: str
) -> str:
    """`head`, `head + conv4, conv5` or `head + 12 layers in conv5`."""
    candidates: Counter[str] = Counter()  # the layers in each block that could train
    training: Counter[str] = Counter()
    for leaf, counts, flag in zip(leaves, parameters, flags, strict=True):
        if counts.trainable and (policy == "train" or leaf.kind != BATCH_NORM):
            candidates[leaf.block] += 1
            training[leaf.block] += flag
    blocks = [block for block, number in training.items() if number]
    if not blocks:
        return "head"
    if any(training[block] < candidates[block] for block in blocks):
        number = training.total()
        return f"head + {number} {'layer' if number == 1 else 'layers'} in {_range(blocks)}"
    return "head + everything" if len(blocks) == len(candidates) else f"head + {_range(blocks)}"


def _range(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{names[0]} … {names[-1]}"


def _selectors(selectors: Sequence[str], head_trains: bool) -> str:
    return " + ".join([*["head"] * head_trains, *[" ".join(selectors)] * bool(selectors)])


def _notes(
    values: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], head: int | None
) -> Iterable[str]:
    name, policy = values["backbone"], values["batch_norm"]
    if name == "custom":
        yield "the blocks and parameter counts of your model are known at run time only"
        if not own_model.readable(values["weights"]):
            yield f"selectors on {values['weights']} are checked at run time only: h5py is missing"
        return
    leaves, _ = layers.leaves(name)
    norms = [leaf.kind == BATCH_NORM for leaf in leaves]
    if policy == "frozen" and any(norms):
        yield f"BatchNorm is frozen: the {sum(norms)} in {name} stay as pretrained in every stage"
    if policy == "adapt":
        yield f"BatchNorm adapts: the statistics of the {sum(norms)} in {name} follow the new data"
    if policy != "train" and values["freeze"] == "layers":
        chosen = layers.select(leaves, tables[-1]["train"], name)
        overridden = sum(flag and norm for flag, norm in zip(chosen, norms, strict=True))
        if overridden:
            yield f"--batch-norm {policy} overrides --layers, which chose {overridden} of them"
    if policy == "train" and values["freeze"] == "filters":
        yield "a BatchNorm after frozen filters is frozen too, which is not counted here"
    if head is None:
        yield "the head is not counted: the number of classes is known from the data only"
