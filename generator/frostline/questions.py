"""Every question, once: flags, prompts, answers files, JSON Schema and cookiecutter.json follow.

The order is the order of asking: an answer is checked against the earlier ones only. A contextual
default is a Jinja expression over the earlier answers, because stock cookiecutter evaluates it
too; there an integer is its digits, a list is JSON, and a switch is "yes" or "no".
"""

from __future__ import annotations

from frostline.values import Question


def _plain(*choices: str) -> dict[str, str]:
    """Choices that need no words."""
    return dict.fromkeys(choices, "")


QUESTIONS: tuple[Question, ...] = (
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
        choices={
            "multiclass": "one of several classes",
            "binary": "one class or the other",
            "multilabel": "any of several labels",
            "regression": "numbers",
            "segmentation": "a class for each pixel",
        },
    ),
    Question(
        "freeze",
        "choice",
        "staged",
        "What thaws",
        "Which part of the backbone trains, and when.",
        choices={
            "head": "the head alone",
            "top": "the head, then the last blocks",
            "staged": "the head, then block after block from the top",
            "full": "the head, then everything, lower blocks slower",
            "layers": "the head, then the layers you name",
            "norm": "the head, then the scale and shift of the normalisation layers",
            "filters": "like top, but filters that you name stay as they are",
            "none": "nothing is frozen: everything trains from the first step",
        },
    ),
    Question(
        "name",
        "text",
        "My classifier",
        "Name of the project",
        "The project's name, for people.",
    ),
    Question(
        "project_slug",
        "text",
        "{{ cookiecutter.name | slugify }}",
        "Folder",
        "The folder's name.",
    ),
    Question(
        "package",
        "text",
        "{{ cookiecutter.project_slug | lower | replace('-', '_') | replace('.', '_') }}",
        "Name of the Python package",
        "The name to import; made from the folder's name.",
        metavar="NAME",
    ),
    Question(
        "description",
        "text",
        "Image {{ {'regression': 'regression', 'segmentation': 'segmentation'}"
        ".get(cookiecutter.task, 'classification') }} with {{ cookiecutter.backbone }}.",
        "Description",
        "One line about the project.",
    ),
    Question("author", "text", "", "Author", "Who holds the copyright."),
    Question(
        "weights",
        "text",
        "{{ 'src/' ~ cookiecutter.package ~ '/model/tiny.weights.h5' if cookiecutter.backbone == 'tiny'"
        " else '' if cookiecutter.backbone == 'custom' else 'imagenet' }}",
        "Weights to start from (imagenet, none or a file)",
        "Where the backbone's weights come from: imagenet, none or a file; for the backbone "
        "custom, your own .keras or .h5 model.",
        metavar="imagenet|none|FILE",
    ),
    Question(
        "head",
        "choice",
        "new",
        "Last layers of your model",
        "What becomes of the last layers of a model of your own.",
        choices={
            "new": "a new head takes their place",
            "keep": "they stay, and train like the rest",
        },
        matters=("backbone", ("custom",)),
    ),
    Question(
        "data",
        "choice",
        "{{ 'csv' if cookiecutter.task in ['multilabel', 'regression'] else 'folder' }}",
        "Data",
        "Where the examples come from.",
        choices={
            "folder": "folders of images, one for each class or with masks beside them",
            "csv": "a table of images and what they show",
            "tfrecord": "TFRecord files",
            "tfds": "a data set of TensorFlow Datasets",
        },
    ),
    Question(
        "classes",
        "list",
        "[]",
        "Classes, labels or targets (none: the data name them)",
        "The classes, where they are known; otherwise the data name them. For multilabel the "
        "labels, for regression the columns with the targets.",
        metavar="A,B,C",
    ),
    Question(
        "outputs",
        "integer",
        "0",
        "Number of outputs (0: from the data)",
        "How many classes, labels or targets there are; 0 means as many as the data have.",
        metavar="N",
    ),
    Question(
        "image_size",
        "integer",
        "{{ cookiecutter._backbones[cookiecutter.backbone].image_size }}",
        "Image size in pixels",
        "Height and width of an image, in pixels.",
        metavar="N",
    ),
    Question(
        "unfreeze_blocks",
        "integer",
        "{{ {'top': 1, 'staged': 3, 'filters': 1}[cookiecutter.freeze]"
        " if cookiecutter.freeze in ['top', 'staged', 'filters'] else 0 }}",
        "How many blocks thaw (a number or all)",
        "How many blocks train in the end, counted from the top.",
        words=("all",),
        matters=("freeze", ("top", "staged", "filters")),
        metavar="N|all",
    ),
    Question(
        "layers",
        "list",
        "[]",
        "Layers that train",
        "A layer that trains: block:NAME, a name or glob, re:REGEX, type:CLASS, a position 12 or "
        "range 0:10; a leading ! excludes. Repeatable; the later one wins.",
        matters=("freeze", ("layers",)),
        metavar="SELECTOR",
        separator=None,
    ),
    Question(
        "filters",
        "list",
        "[]",
        "Filters that stay as they are",
        "Filters of a convolution that stay bit for bit as they are, such as "
        "conv5_block3_3_conv:0-63. Repeatable.",
        matters=("freeze", ("filters",)),
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
        "The arithmetic of training; auto takes what the device is fast at.",
        choices=_plain("auto", "float32", "mixed_float16", "mixed_bfloat16"),
    ),
    Question(
        "sample_data",
        "switch",
        "{{ 'yes' if cookiecutter.data in ['folder', 'csv'] and cookiecutter.classes == '[]'"
        " and cookiecutter.outputs in"
        " ['0', cookiecutter._sample_classes[cookiecutter.task] | length | string] else 'no' }}",
        "Put sample images into the project",
        "Put sample images into the project.",
    ),
    Question(
        "kits",
        "list",
        '["cache", "check-data", "doctor", "report"]',
        "Kits",
        "Extra parts of the project.",
        choices={
            "cache": "the frozen part runs once over the data, not in every epoch",
            "check-data": "counts, copies and pictures of the data, before the first training",
            "compare": "freeze strategies against each other on the data, with a verdict",
            "deploy": "a Dockerfile, a Slurm script and a Kubernetes job",
            "distribute": "training on several machines: TF_CONFIG, Slurm, Kubernetes",
            "doctor": "whether this machine is fit for training, and what helps if not",
            "export": "the model for Keras, TensorFlow Serving and LiteRT, each checked",
            "filters": "filters of a convolution that stay while the rest of their layer trains",
            "gpus": "several GPUs of one machine train together",
            "mlflow": "each training as a run of MLflow",
            "find-lr": "a learning rate for each stage, from a range test",
            "pack": "TFRecord shards of once-resized images",
            "report": "curves and confusion matrix on one page",
        },
        words=("all", "none"),
        metavar="all|none|LIST",
    ),
    Question(
        "ci",
        "choice",
        "github",
        "Continuous integration",
        "Where the project's tests run.",
        choices=_plain("github", "gitlab", "none"),
    ),
    Question(
        "license",
        "choice",
        "apache-2.0",
        "Licence",
        "The project's licence.",
        choices=_plain("apache-2.0", "mit", "bsd-3-clause", "none"),
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}
