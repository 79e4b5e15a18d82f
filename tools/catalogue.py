"""Survey keras.applications, and write the catalogue that the generator and the template use.

Everything is measured on the installed Keras, except where blocks begin (`blocks.toml`) and the
published accuracies (`accuracy.toml`). Run it with `make catalogue`.
"""

import json
import math
import re
import tomllib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backbones import ROOT, build_twice, constructors, crossing, leaf_rows

TOOLS = Path(__file__).resolve().parent
DATA = ROOT / "generator" / "frostline" / "backbones" / "data"
ACCURACY = tomllib.loads((TOOLS / "accuracy.toml").read_text(encoding="utf-8"))
BLOCKS = tomllib.loads((TOOLS / "blocks.toml").read_text(encoding="utf-8"))
STRIDES = (2, 4, 8, 16, 32)
DEFAULTS = {"batch_size": 32, "rate_shift": 0}
TINY_DEFAULTS = {"batch_size": 16, "rate_shift": 1}


def begin(pattern: str, names: list[str], crossings: list[list[Any]]) -> int:
    """Resolve one pattern of `blocks.toml` to the position where the block begins."""
    hits = [i for i, name in enumerate(names) if re.search(pattern.lstrip("<>"), name)]
    if not hits:
        raise SystemExit(f"no layer matches {pattern!r} of blocks.toml; the last is {names[-1]!r}")
    if pattern.startswith("<"):
        return max(i for i in range(hits[0]) if len(crossings[i]) == 1)
    return hits[-1] + 1 if pattern.startswith(">") else hits[0]


def block_rows(name: str, module: str, model: keras.Model, rows: list[list[Any]]) -> list[Any]:
    """Cut the layers into the blocks of `blocks.toml`, each cut where a single tensor crosses."""
    patterns = BLOCKS.get(name) or BLOCKS[module]
    names, crossings = [layer.name for layer in model.layers], crossing(model)
    starts = [0, *(begin(pattern, names, crossings) for pattern in list(patterns.values())[1:])]
    blocks = []
    for block, start, stop in zip(patterns, starts, [*starts[1:], len(names)], strict=True):
        if start and module != "nasnet" and len(crossings[start]) != 1:
            raise SystemExit(f"{name}: {block} begins inside a branch, at {names[start]!r}")
        leaves = [row for row in rows if start <= row[0] < stop]
        stable = leaves[0][5] or leaves[0][1]
        blocks.append(
            {
                "first": start if stable is None else stable,
                "name": block,
                "parameters": sum(row[3] + row[4] for row in leaves),
                "start": start,
                "stop": stop,
            }
        )
    return blocks


def tap_positions(model: keras.Model) -> dict[str, int]:
    """Find where a decoder would take its skips: the last cut point of each stride.

    The tap at position p is the tensor that crosses from the layers up to p to the rest. Where no
    single one does (NASNet's cells), it is the output of the last layer that has the stride.
    """
    taps: dict[str, int] = {}
    cut: dict[str, bool] = {}
    for position, tensors in enumerate(crossing(model)[1:]):
        layer = model.layers[position]
        tensor = tensors[0] if len(tensors) == 1 else layer.output
        if len(tensor.shape) != 4 or re.search("Padding|Cropping", type(layer).__name__):
            continue
        stride = str(2 ** round(math.log2(model.input_shape[1] / tensor.shape[1])))
        if int(stride) in STRIDES and (len(tensors) == 1 or not cut.get(stride)):
            taps[stride], cut[stride] = position, len(tensors) == 1
    return taps


def preprocessing(name: str, module: str, rows: list[list[Any]]) -> str:
    """Measure what the module's `preprocess_input` does; "inside" if a layer does it instead."""
    inside = any(row[2] in {"Rescaling", "Normalization"} for row in rows[:4])
    if module == "tiny":
        return "inside"
    pixels = np.array([[[[0.0, 0.0, 0.0], [255.0, 255.0, 255.0], [10.0, 20.0, 30.0]]]], "float32")
    function = getattr(keras.applications, module).preprocess_input
    result = np.array(function(pixels.copy()))
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    kinds = {
        "inside": pixels,
        "tf": pixels / 127.5 - 1,
        "caffe": pixels[..., ::-1] - np.array([103.939, 116.779, 123.68]),
        "torch": (pixels / 255 - mean) / deviation,
    }
    found = [kind for kind, expected in kinds.items() if np.allclose(result, expected, atol=1e-3)]
    if len(found) != 1 or (found[0] == "inside") != inside:
        raise SystemExit(f"{name}: preprocess_input does {found}, layers inside: {inside}")
    return found[0]


def survey(name: str) -> tuple[dict[str, Any], list[list[Any]]]:
    """Measure one backbone: its entry in the catalogue, and its leaves."""
    module = constructors()[name].__module__.rpartition(".")[2] if name != "tiny" else "tiny"
    first, second, sizes = build_twice(name)
    rows = leaf_rows(first, second)
    parameters = sum(row[3] + row[4] for row in rows)
    norms = [row[2] for row in rows if re.fullmatch(".+Normalization", row[2])]
    entry = {
        **(TINY_DEFAULTS if name == "tiny" else DEFAULTS),
        **sizes,
        "blocks": block_rows(name, module, second, rows),
        "channels": second.output_shape[-1],
        "layers": len(second.layers),
        "module": "tiny" if name == "tiny" else "application",
        "norm_kinds": sorted(set(norms)),
        "norm_layers": len(norms),
        "parameters": parameters,
        "preprocessing": preprocessing(name, module, rows),
        "taps": tap_positions(second),
        "top1": ACCURACY["top1"].get(name),
        "top5": ACCURACY["top5"].get(name),
        "weights": "tiny.weights.h5" if name == "tiny" else "imagenet",
        "weights_mb": round(parameters * 4 / 2**20, 1),
    }
    return entry, rows


def custom() -> dict[str, Any]:
    """Describe the user's own model: unknown, except for what the template needs."""
    unknown = ("channels", "layers", "norm_layers", "parameters", "top1", "top5", "weights_mb")
    return {
        **DEFAULTS,
        **dict.fromkeys(unknown),
        "blocks": [],
        "image_size": 224,
        "min_size": 1,
        "module": "custom",
        "norm_kinds": [],
        "preprocessing": "inside",
        "taps": {},
        "weights": "",
    }


def dump(value: Any) -> str:
    """Write JSON with sorted keys, and whatever holds no other container on one line."""
    items = list(value.values() if isinstance(value, dict) else value)
    if not any(isinstance(item, (dict, list)) for item in items):
        return json.dumps(value, sort_keys=True)
    nested = [dump(i) if isinstance(i, (dict, list)) else json.dumps(i) for i in items]
    if isinstance(value, dict):
        lines = sorted(f"{json.dumps(k)}: {v}" for k, v in zip(value, nested, strict=True))
        return "{\n" + ",\n".join(lines) + "\n}"
    return "[\n" + ",\n".join(nested) + "\n]"


def main() -> None:
    """Survey every backbone, and write the catalogue."""
    surveyed = {name: survey(name) for name in sorted(constructors())}
    (DATA / "layers").mkdir(parents=True, exist_ok=True)
    for name, (_, rows) in surveyed.items():
        (DATA / "layers" / f"{name}.json").write_text(dump(rows) + "\n", encoding="utf-8")
    backbones = {name: entry for name, (entry, _) in surveyed.items()} | {"custom": custom()}
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    text = dump({**versions, "backbones": backbones}) + "\n"
    (DATA / "backbones.json").write_text(text, encoding="utf-8")
    print(f"{len(backbones)} backbones in {DATA.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
