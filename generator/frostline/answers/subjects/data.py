"""Where the images come from, and what is known about them in advance."""

from __future__ import annotations

from frostline.answers.question import Question

DATA: tuple[Question, ...] = (
    Question(
        "data",
        "choice",
        "{{ cookiecutter._sources[cookiecutter.task] | first }}",
        "Data",
        "Where the examples come from.",
        choices={
            "folder": "folders of images, one for each class or with masks beside them",
            "csv": "a table of images and their labels",
            "tfrecord": "TFRecord files",
            "tfds": "a data set of TensorFlow Datasets",
        },
    ),
    Question(
        "classes",
        "list",
        "[]",
        "Classes, labels or targets (empty: from the data)",
        "The classes; left out, they come from the data. For multilabel the labels, for regression "
        "the columns with the targets.",
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
)
SAMPLE: tuple[Question, ...] = (
    Question(
        "sample_data",
        "switch",
        "{{ 'yes' if cookiecutter.data in ['folder', 'csv'] and cookiecutter.classes == '[]'"
        " and cookiecutter.outputs in"
        " ['0', cookiecutter._sample_classes[cookiecutter.task] | length | string] else 'no' }}",
        "Put sample images into the project",
        "Put sample images into the project.",
    ),
)
