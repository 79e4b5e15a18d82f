"""Which weights, head and image size go with a backbone."""

from __future__ import annotations

from pathlib import PurePath

from frostline.answers.rules.rule import Earlier, Facts, Rules

MODEL_FILES = (".keras", ".h5", ".hdf5")
LARGEST_IMAGE = 4096


def _weights(text: str, earlier: Earlier, facts: Facts) -> str | None:
    if facts["module"] == "custom" and text in ("", "imagenet", "none"):
        return "the backbone custom is your own model: --weights names its .keras or .h5 file"
    if facts["module"] == "custom" and text.lower().endswith(".weights.h5"):
        return f"{text} is named as weights only: save the whole model, as model.save('x.keras')"
    if text == "imagenet" and facts["weights"] != "imagenet":
        return f"{earlier['backbone']} has no ImageNet weights; leave --weights out, or take none"
    if text in ("imagenet", "none") or PurePath(text).suffix.lower() in MODEL_FILES:
        return None
    words = "" if facts["module"] == "custom" else "imagenet, none or "
    return f"--weights is {words}a .keras or .h5 file, not '{text}'"


def _allow_random(allowed: bool, earlier: Earlier, facts: Facts) -> str | None:
    if allowed or earlier["weights"] != "none" or earlier["freeze"] == "none":
        return None
    return (
        f"--freeze {earlier['freeze']} freezes layers, and with --weights none theirs are random: "
        "take pretrained weights or --freeze none, or say that it is meant with --allow-random"
    )


def _image_size(pixels: int, earlier: Earlier, facts: Facts) -> str | None:
    if pixels < facts["min_size"]:
        return (
            f"--image-size {pixels} is too small: "
            f"{earlier['backbone']} takes {facts['min_size']} or more"
        )
    if pixels > LARGEST_IMAGE:
        return f"--image-size {pixels} is too large: {LARGEST_IMAGE} is the maximum"
    return None


def _head(choice: str, earlier: Earlier, facts: Facts) -> str | None:
    if choice == "keep" and earlier["task"] == "segmentation":
        return (
            "--head keep is for models that predict one output for a whole image; --task "
            "segmentation needs a new head"
        )
    return None


MODEL: Rules = {
    "weights": _weights,
    "allow_random": _allow_random,
    "image_size": _image_size,
    "head": _head,
}
