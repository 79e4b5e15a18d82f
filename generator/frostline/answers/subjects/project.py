"""What the project is called, and what comes with it."""

from __future__ import annotations

from frostline.answers.question import Question

NAMES: tuple[Question, ...] = (
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
)
EXTRAS: tuple[Question, ...] = (
    Question(
        "kits",
        "list",
        """["cache", "check-data", "doctor", """
        """{{ '"filters", ' if cookiecutter.freeze == 'filters' else '' }}"""
        """"gpus", "inspect", "record", "report", "terminal"]""",
        "Kits",
        "Optional parts of the project.",
        choices={
            "cache": "outputs of the frozen part, computed once instead of in every epoch",
            "check-data": "counts, duplicates and pictures of the data, before training",
            "compare": "freeze strategies compared on the data, with a verdict",
            "deploy": "a Dockerfile, a Slurm script and a Kubernetes job",
            "distribute": "training on several machines, with gpus: TF_CONFIG, Slurm, Kubernetes",
            "doctor": "whether this machine is ready for training, and what helps if not",
            "export": "the model for Keras, TensorFlow Serving and LiteRT, each checked",
            "filters": "filters of a convolution that stay frozen while its others train",
            "find-lr": "a learning rate for each stage, from a range test",
            "gpus": "training on several GPUs of one machine",
            "inspect": "the runs and how far they are, the layers by the names one selects with",
            "mlflow": "parameters, metrics and the model of each run, logged to MLflow",
            "pack": "TFRecord shards of images resized in advance",
            "record": "a run goes on with the data that it was begun with, one process at a time",
            "report": "curves and confusion matrix on one page",
            "terminal": "a table of epochs, advice, and TensorFlow's own messages in a file",
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
        choices=dict.fromkeys(("github", "gitlab", "none"), ""),
    ),
    Question(
        "license",
        "choice",
        "apache-2.0",
        "Licence",
        "The project's licence.",
        choices=dict.fromkeys(("apache-2.0", "mit", "bsd-3-clause", "none"), ""),
    ),
)
