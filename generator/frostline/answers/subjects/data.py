"""Where the images come from, and what is known about them in advance."""

from __future__ import annotations

from frostline.answers.question import Question

DATA: tuple[Question, ...] = (
    Question(
        "images",
        "text",
        "",
        "Folder of your images",
        "Your images: 'frostline new' looks at them, and answers from what it finds what no other "
        "flag does; 'frostline look' shows the same.",
        metavar="FOLDER",
    ),
    Question(
        "table",
        "text",
        "",
        "Table of your images",
        "A table of images and their labels, looked at in the same way.",
        metavar="FILE.csv",
    ),
    Question(
        "data",
        "choice",
        "{{ 'csv' if cookiecutter.table else cookiecutter._sources[cookiecutter.task] | first }}",
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
        "splits",
        "choice",
        "auto",
        "Folders called train, val, test or alike",
        "What folders called train, val, test or alike are.",
        choices={
            "auto": "what they look like; where that is in doubt, training stops and says so",
            "folders": "the splits",
            "none": "classes like others",
        },
        only_with=("data", ("folder",)),
    ),
    *(
        Question(
            f"{key}_column",
            "text",
            key,
            f"Column of the {what}",
            f"The column of the table with the {what}.",
            only_with=("data", ("csv",)),
            metavar="NAME",
        )
        for key, what in (("image", "image's path"), ("label", "label"), ("split", "split"))
    ),
    Question(
        "separator",
        "text",
        ";",
        "Between several labels in one cell",
        "What is between several labels in one cell of a table.",
        only_with=("task", ("multilabel",)),
        metavar="TEXT",
    ),
    Question(
        "group",
        "text",
        "",
        "What says which images belong together",
        "Images of one group, such as a patient, are never in two splits: for folders what in a "
        "path names the group, such as patient[0-9]+; for a table a column.",
        only_with=("data", ("folder", "csv")),
        metavar="REGEX|COLUMN",
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
        "mask_values",
        "list",
        "[]",
        "What the values in masks stand for (empty: the numbers of the classes)",
        "What the values in masks stand for, where they are not 0, 1, 2 and so on: numbers, "
        "colours or transparent, such as 0=background,255=lesion or '#ff0000=road'.",
        only_with=("task", ("segmentation",)),
        metavar="VALUE=NAME,...",
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
        " and not cookiecutter.images and not cookiecutter.table"
        " and cookiecutter.mask_values == '[]'"
        " and cookiecutter.outputs in"
        " ['0', cookiecutter._sample_classes[cookiecutter.task] | length | string] else 'no' }}",
        "Put sample images into the project",
        "Put sample images into the project.",
    ),
    Question(
        "flip",
        "choice",
        "{{ 'none' if cookiecutter.sample_data == 'yes' or cookiecutter.task == 'regression'"
        " else 'horizontal' }}",
        "Mirror images while augmenting",
        "Whether images are mirrored while augmenting.",
        choices={
            "none": "where left and right, or up and down, mean something",
            "horizontal": "left and right are alike",
            "both": "there is no up, as under a microscope",
        },
    ),
    Question(
        "class_weights",
        "choice",
        "{{ 'balanced' if cookiecutter.task == 'segmentation' else 'none' }}",
        "Weights of the classes",
        "How much a class counts while training.",
        choices={
            "none": "by the number of its images",
            "balanced": "more, the rarer it is",
        },
        only_with=("task", ("multiclass", "binary", "multilabel", "segmentation")),
    ),
)
