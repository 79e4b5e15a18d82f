"""What is learnt, from which pretrained network, and which of its layers train when."""

from __future__ import annotations

from frostline.answers.question import Question
from frostline.answers.rules.examples import TASKS

CHOICES: tuple[Question, ...] = (
    Question(
        "backbone",
        "choice",
        "tiny",
        "Backbone",
        "The pretrained network; 'frostline backbones' lists them.",
        metavar="NAME",
    ),
    Question(
        "task",
        "choice",
        "multiclass",
        "Task",
        "What the head learns.",
        choices={task: said for task, (said, _, _) in TASKS.items()},
    ),
    Question(
        "freeze",
        "choice",
        "staged",
        "Freeze strategy",
        "Which part of the backbone trains, and when.",
        choices={
            "head": "the head only",
            "top": "the head, then the last blocks",
            "staged": "the head, then block after block from the top",
            "full": "the head, then everything, lower blocks slower",
            "layers": "the head, then the layers you name",
            "norm": "the head, then the scale and shift of the normalisation layers",
            "filters": "like top, but filters that you name stay frozen",
            "none": "nothing is frozen: everything trains from the first step",
        },
    ),
)
START: tuple[Question, ...] = (
    Question(
        "weights",
        "text",
        "{{ 'src/' ~ cookiecutter.package ~ '/model/tiny.weights.h5'"
        " if cookiecutter.backbone == 'tiny'"
        " else '' if cookiecutter.backbone == 'custom' else 'imagenet' }}",
        "Weights to start from (imagenet, none or a file)",
        "Where the backbone's weights come from: imagenet, none or a file; for the backbone "
        "custom, your own .keras or .h5 model.",
        metavar="imagenet|none|FILE",
    ),
    Question(
        "allow_random",
        "switch",
        "no",
        "Freeze layers with random weights",
        "Allow frozen layers with random weights, as for tests: a head learns little on them.",
        only_with=("weights", ("none",)),
    ),
    Question(
        "head",
        "choice",
        "new",
        "Last layers of your model",
        "Whether the last layers of your own model are replaced.",
        choices={
            "new": "a new head takes their place",
            "keep": "they stay, and train like the others",
        },
        only_with=("backbone", ("custom",)),
    ),
)
TRAINING: tuple[Question, ...] = (
    Question(
        "unfreeze_blocks",
        "integer",
        "{{ {'top': 1, 'staged': 3, 'filters': 1}[cookiecutter.freeze]"
        " if cookiecutter.freeze in ['top', 'staged', 'filters'] else 0 }}",
        "Blocks to unfreeze (a number or all)",
        "How many blocks train in the last stage, counted from the top.",
        words=("all",),
        only_with=("freeze", ("top", "staged", "filters")),
        metavar="N|all",
    ),
    Question(
        "layers",
        "list",
        "[]",
        "Layers that train",
        "A layer that trains: block:NAME, a name or glob, re:REGEX, type:CLASS, a position 12 or "
        "range 0:10; a leading ! excludes. Repeatable; a later one overrides an earlier one.",
        only_with=("freeze", ("layers",)),
        metavar="SELECTOR",
        separator=None,
    ),
    Question(
        "filters",
        "list",
        "[]",
        "Filters that stay frozen",
        "Filters of a convolution that stay bit for bit as pretrained, such as "
        "conv5_block3_3_conv:0-63. Repeatable.",
        only_with=("freeze", ("filters",)),
        metavar="LAYER:RANGE",
        separator=None,
    ),
    Question(
        "batch_norm",
        "choice",
        "{{ 'train' if cookiecutter.freeze == 'norm' else 'frozen' }}",
        "BatchNorm in the backbone",
        "What BatchNorm layers of the backbone do.",
        choices={
            "frozen": "as pretrained, in every stage",
            "adapt": "the statistics follow the new data",
            "train": "like the layers around it",
        },
    ),
    Question(
        "precision",
        "choice",
        "auto",
        "Precision",
        "The precision of training; auto takes what the device is fast at.",
        choices=dict.fromkeys(("auto", "float32", "mixed_float16", "mixed_bfloat16"), ""),
    ),
)
