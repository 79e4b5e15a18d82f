"""`frostline look` and `new --images`: the right answers from nothing but the data."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import struct
import time
import tomllib
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from frostline.answers.resolve import Given
from frostline.commands import frostline
from frostline.errors import UserError
from frostline.looking import names, pixels, project_code
from frostline.looking.look import look
from frostline.template import SOURCES, project_source
from support import Project

Build = Callable[[Path], None]


def png(width: int = 40, height: int = 30) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + bytes(width)) * height))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


PNG = png()


def put(root: Path, *names: str, content: bytes = PNG) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def fill(*folders: str, count: int = 4, name: str = "{}.png") -> Build:
    """The same images in each folder."""

    def build(root: Path) -> None:
        put(root, *(f"{folder}/{name.format(i)}" for folder in folders for i in range(count)))

    return build


def all_of(*builds: Build) -> Build:
    def build(root: Path) -> None:
        for each in builds:
            each(root)

    return build


def linked(root: Path) -> None:
    fill("store/ape", "store/bee", "store/cow")(root)
    (root / "set").mkdir()
    for name in ("ape", "bee", "cow"):
        (root / "set" / name).symlink_to(root / "store" / name)
    (root / "store" / "cow" / "round").symlink_to(root / "store" / "cow")


def table(text: str, count: int = 6) -> Build:
    def build(root: Path) -> None:
        fill("photos", count=count, name="p{}.png")(root)
        put(root, "labels.csv", content=text.encode())

    return build


def rows(*cells: str) -> str:
    return "".join(f"photos/p{i % 6}.png,{cell}\n" for i, cell in enumerate(cells))


ABC, AB = ["a1", "b1", "c1"], ["no", "yes"]
MULTI: dict[str, Any] = {"task": "multiclass", "data": "folder"}
MASKS: dict[str, Any] = {"task": "segmentation", "data": "folder"}
LAYOUTS: dict[str, tuple[Build, str, dict[str, Any]]] = {
    "class folders": (fill(*ABC), "", {**MULTI, "classes": ABC, "flip": "horizontal"}),
    "two classes": (
        fill("good", "cracked"),
        "",
        {"task": "binary", "classes": ["good", "cracked"], "data": "folder"},
    ),
    "splits in any case": (
        fill(*(f"{s}/{c}" for s in ("Train", "VAL", "Test") for c in ABC)),
        "",
        {**MULTI, "classes": ABC, "splits": "folders"},
    ),
    "training and testing": (
        fill(*(f"{s}/{c}" for s in ("training", "testing") for c in AB)),
        "",
        {"task": "binary", "classes": AB, "splits": "folders"},
    ),
    "valid and dev": (
        fill(*(f"{s}/{c}" for s in ("train", "valid", "dev") for c in ABC)),
        "",
        {**MULTI, "classes": ABC, "splits": "folders"},
    ),
    "deeper": (
        fill(*(f"export/v2/{s}/photos/{c}" for s in ("train", "test") for c in ABC)),
        "",
        {**MULTI, "classes": ABC, "splits": "folders"},
    ),
    "splits in classes": (
        fill(*(f"{c}/{s}" for s in ("train", "val") for c in ABC)),
        "",
        {**MULTI, "classes": ABC, "splits": "folders"},
    ),
    "a class that is called train": (
        fill("bus", "train", "tram"),
        "",
        {**MULTI, "classes": ["bus", "train", "tram"], "splits": None},
    ),
    "loose pictures": (
        all_of(fill(*ABC), fill(".", name="loose{}.png")),
        "",
        {**MULTI, "classes": ABC},
    ),
    "linked folders": (linked, "set", {**MULTI, "classes": ["ape", "bee", "cow"]}),
    "odd suffixes or none": (
        all_of(fill("x1", "y1", name="{}"), fill("x1", "z1", name="{}.jpe")),
        "",
        {**MULTI, "classes": ["x1", "y1", "z1"]},
    ),
    "numbers as classes": (fill("10", "9", "2"), "", {**MULTI, "classes": ["2", "9", "10"]}),
    "sides": (fill("left", "right"), "", {"flip": "none"}),
    "digits": (fill("0", "1", "2"), "", {"flip": "none"}),
    "few of one": (
        all_of(fill("a1", count=9), fill("b1", count=2)),
        "",
        {"class_weights": "balanced"},
    ),
    "patients": (
        all_of(*(fill("ill", "healthy", name=f"patient{n}_{{}}.png") for n in range(25))),
        "",
        {"group": r"(?<![A-Za-z])patient[-_ ]?[0-9]+", "classes": ["healthy", "ill"]},
    ),
    "images and masks": (fill("images", "masks"), "", {**MASKS, "splits": None}),
    "masks in splits": (
        fill(*(f"{s}/{k}" for s in ("train", "val") for k in ("images", "labels"))),
        "",
        {**MASKS, "splits": "folders"},
    ),
    "splits in masks": (
        fill(*(f"{k}/{s}" for s in ("train", "val") for k in ("JPEGImages", "annotations"))),
        "",
        {**MASKS, "splits": "folders"},
    ),
    "masks by suffix": (all_of(fill("."), fill(".", name="{}_mask.png")), "", MASKS),
    "masks beside train": (fill("train", "trainannot", "test", "testannot"), "", MASKS),
    "folders around one side": (
        all_of(fill("data/images/a", "data/images/b"), fill("masks/a", "masks/b")),
        "",
        MASKS,
    ),
    "masks with a word more": (
        all_of(
            fill("train", "val", name="a_{}.png"),
            fill("train_labels", "val_labels", name="a_{}_L.png"),
        ),
        "",
        {**MASKS, "splits": "folders"},
    ),
    "splits with a word more": (
        fill(*(f"set_{s}/{k}" for s in ("train", "test") for k in ("images", "masks"))),
        "",
        {**MASKS, "splits": "folders"},
    ),
    "classes called mask": (
        fill("mask", "no mask", name="{}.png"),
        "",
        {"task": "binary", "classes": ["no mask", "mask"]},
    ),
    "a table among the images": (
        table("file,kind\n" + rows(*"abcabc")),
        "",
        {
            "task": "multiclass",
            "data": "csv",
            "image_column": "file",
            "label_column": "kind",
            "classes": ["a", "b", "c"],
        },
    ),
    "a table with more": (
        table(
            "file,Unnamed: 0,patient_id,part,label\n"
            + rows(
                *(f"{i},p{i // 2},{p},{'xyz'[i % 3]}" for i, p in enumerate(["train", "val"] * 3))
            )
        ),
        "labels.csv",
        {
            "task": "multiclass",
            "split_column": "part",
            "group": "patient_id",
            "label_column": "label",
            "classes": ["x", "y", "z"],
        },
    ),
    "numbers": (
        table("image,id,age,size\n" + rows(*(f"{i},{i}.5,{i * 3}" for i in range(6)))),
        "labels.csv",
        {"task": "regression", "classes": ["age", "size"], "flip": None},
    ),
    "flags": (
        table("image,dog,cat\n" + rows("0,1", "1,1", "1,0", "0,0", "1,0", "0,1")),
        "labels.csv",
        {"task": "multilabel", "classes": ["dog", "cat"]},
    ),
    "words that stand alone too": (
        table("image,labels\n" + rows("scab rust", "scab", "rust", "healthy", "rust", "healthy")),
        "labels.csv",
        {"task": "multilabel", "separator": " ", "classes": ["healthy", "rust", "scab"]},
    ),
    "names of two words": (
        table("image,labels\n" + rows(*["big cat", "cat", "dog"] * 2)),
        "labels.csv",
        {"task": "multiclass", "classes": ["big cat", "cat", "dog"]},
    ),
    "an id of the class": (
        table("image,width,class_id\n" + rows(*(f"{i}0,{i % 3}" for i in range(6)))),
        "labels.csv",
        {"task": "multiclass", "label_column": "class_id", "classes": ["0", "1", "2"]},
    ),
    "an Id that is no number of a line": (
        table("Image,Id\n" + rows(*"wvwvwv")),
        "labels.csv",
        {"label_column": "Id", "classes": ["v", "w"]},
    ),
    "empty labels": (
        table("image,label\n" + rows("cat", "dog", "NaN", "cat", "dog", "cat")),
        "labels.csv",
        {"task": "binary", "classes": ["cat", "dog"]},
    ),
    "lines in cells": (
        table("image,label\n" + rows(*['"a\nb"', "c"] * 3)),
        "labels.csv",
        {"task": "binary", "label_column": "label"},
    ),
    "labels in a cell": (
        table("image,tags\n" + rows("x|y", "x", "y", "z|x", "z", "y|z")),
        "labels.csv",
        {"task": "multilabel", "separator": "|", "classes": ["x", "y", "z"]},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_answers_come_from_the_data(name: str, tmp_path: Path) -> None:
    build, where, expected = LAYOUTS[name]
    build(tmp_path)
    answers = look(str(tmp_path / where)).answers
    assert {key: answers.get(key) for key in expected} == expected


DOUBTS: dict[str, tuple[Build, str, dict[str, list[str]]]] = {
    "classes inside and beside": (
        fill("train/x1", "train/y1", "car"),
        "train",
        {"folders": ["x1", "y1"], "none": ["car", "train"]},
    ),
    "test beside classes": (
        fill("cat", "dog", "test"),
        "test",
        {"folders": ["cat", "dog"], "none": ["cat", "dog", "test"]},
    ),
    "splits without classes": (fill("train", "test"), "test", {"none": ["train", "test"]}),
    "in one class only": (
        fill("cat/train", "cat/test", "dog"),
        "cat/test",
        {"none": ["cat", "dog"]},
    ),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_doubt_stops_until_a_flag_decides(name: str, tmp_path: Path) -> None:
    build, folder, decided = DOUBTS[name]
    build(tmp_path)
    with pytest.raises(UserError, match=f"{folder} may be a split or a class.*--splits none"):
        look(str(tmp_path))
    for splits, classes in decided.items():
        answers = look(str(tmp_path), given={"splits": splits}).answers
        assert sorted(answers["classes"]) == sorted(classes)


WRONG: dict[str, tuple[Build, str, str]] = {
    "missing": (fill("x"), "nowhere", "there is no folder .*nowhere"),
    "a file": (fill("x"), "x/0.png", "is a file, and should be a folder"),
    "an archive": (lambda root: put(root, "a.zip"), "a.zip", "is an archive; unpack it"),
    "empty": (
        lambda root: put(root, "x/a.txt", content=b""),
        "x",
        r"holds no images: 1 no image \(.txt\)",
    ),
    "no labels": (fill(".", name="cat.{}.png"), "", "nothing says what the images in"),
    "no names of columns": (
        table(rows(*"ababab")),
        "labels.csv",
        "names no columns: its first line is about photos/p0",
    ),
    "an id without its suffix": (
        table("id,label\n" + "".join(f"p{i},{i % 2}\n" for i in range(6))),
        "labels.csv",
        "for 'p0' there is photos/p0.png: write that",
    ),
    "the same, beside": (
        table("id,label\n" + "".join(f"p{i},{i % 2}\n" for i in range(6))),
        "",
        "for 'p0' there is photos/p0.png: write that",
    ),
    "lists as Python writes them": (
        table("image,tags\n" + rows(*["\"['a', 'b']\"", "['b']"] * 3)),
        "labels.csv",
        "as lists",
    ),
    "a sign for no": (
        table("image,smiles,hat\n" + rows("1,-1", "-1,1", "1,1", "-1,-1", "1,-1", "-1,1")),
        "labels.csv",
        "hold -1 and 1.*--task regression",
    ),
    "two columns of words": (
        table("image,sex,part\n" + rows(*["m,arm", "f,leg"] * 3)),
        "labels.csv",
        "column sex or part; --label-column 'sex'",
    ),
    "another label in each line": (
        table("image,weight\n" + "".join(f"photos/p{i}.png,x{i}\n" for i in range(12)), 12),
        "labels.csv",
        "12 different labels in 12 lines",
    ),
    "two columns of one name": (
        table("image,label,label\n" + rows(*["a,b"] * 6)),
        "labels.csv",
        "two columns of one name",
    ),
    "images and masks of other names": (
        all_of(fill("images"), fill("masks", name="x{}1.png")),
        "",
        "images and masks may be classes.*--task segmentation",
    ),
    "no mask": (all_of(fill("images"), fill("masks", count=3)), "", "has no mask"),
    "an empty class": (
        lambda root: (fill("a", "b")(root), (root / "c").mkdir())[0],
        "",
        "class folder .*c has no images",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_a_sentence(name: str, tmp_path: Path) -> None:
    build, where, said = WRONG[name]
    build(tmp_path)
    with pytest.raises(UserError, match=said):
        look(str(tmp_path / where))


def test_every_file_is_used_or_counted(tmp_path: Path) -> None:
    fill("x1", "y1", "y1/more")(tmp_path)
    others = ("x1/Thumbs.db", "x1/._0.png", "@eaDir/x/0.png", "y1/.cache/1/2.png", "a.txt", "b")
    put(tmp_path, *others, content=b"none")
    put(tmp_path, "loose.png")
    said = look(str(tmp_path)).unused[-1]
    assert said.endswith(
        "4 hidden or of the system, 1 in no class folder, 1 no image (.txt), 1 no image (no suffix)"
    )


def new(*arguments: str) -> None:
    frostline.main(["new", *arguments, "--no-input"], prog_name="frostline", standalone_mode=False)


def test_new_writes_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill("photos/Train/a", "photos/Train/b", "photos/Val/a", "photos/Val/b")(tmp_path)
    monkeypatch.chdir(tmp_path)
    new("demo", "--images", "photos", "--backbone", "MobileNetV2", "--json")
    printed = capsys.readouterr()
    assert "--task binary" in printed.err
    assert json.loads(printed.out)["look"]["answers"]["classes"] == ["a", "b"]
    config = Project(tmp_path / "demo").config
    data = {"path": "../photos", "splits": "folders", "flip": "horizontal", "image_size": 32}
    assert config["data"] | data == config["data"]
    assert config["head"]["classes"] == ["a", "b"]
    assert not (tmp_path / "demo" / "data" / "sample.zip").exists()


def test_a_flag_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill("photos/a", "photos/b")(tmp_path)
    monkeypatch.chdir(tmp_path)
    flags = ("--task", "multiclass", "--classes", "b,a", "--flip", "none", "--image-size", "64")
    new("demo", "--images", "photos", *flags)
    config = Project(tmp_path / "demo").config
    assert config["head"]["classes"] == ["b", "a"]
    assert (config["data"]["flip"], config["data"]["image_size"]) == ("none", 64)
    new("again", "--answers", "demo/.frostline.toml")
    assert Project(tmp_path / "again").config == config


def test_a_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill("photos/a", "photos/b")(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert look("~/photos").answers["classes"] == ["a", "b"]


@pytest.mark.parametrize("task", ["multiclass", "segmentation"])
def test_the_project_reads_with_the_same_code(task: str, tmp_path: Path) -> None:
    project_code.masks(), project_code.class_folders()
    new(str(tmp_path / "demo"), "--task", task)
    source = "masks" if task == "segmentation" else "folder"
    read = Project(tmp_path / "demo").read
    assert read("src/demo/data/layout.py") == project_source(f"templates/source/{source}/layout.py")
    walk = "{{cookiecutter.project_slug}}/src/{{cookiecutter.package}}/data/walk.py"
    assert read("src/demo/data/walk.py") == project_source(walk)


@pytest.mark.medium
def test_many_files_take_seconds(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / "train" / f"class{number}"
        folder.mkdir(parents=True)
        for name in range(10_000):
            os.close(os.open(folder / f"img_{name}.jpg", os.O_CREAT))
    start = time.process_time()
    assert len(look(str(tmp_path)).answers["classes"]) == 10
    assert time.process_time() - start < 3


def test_a_group_is_held_out_where_the_project_holds_it_out() -> None:
    """The rule of data/split.py, written once more: that file needs what the project installs."""
    rule = re.search(
        r"(?s)def _position.*?\n(?=\n\n|\Z)", project_source(f"{SOURCES}/data/split.py")
    )
    assert rule
    project: dict[str, Any] = {"hashlib": hashlib}
    exec(rule[0], project)
    assert names.SHARE == 0.15  # as in config.toml
    for number in range(200):
        for split in ("validation", "test"):
            name = f"patient{number}"
            held = project["_position"](name, split) < names.SHARE
            assert names._held_out(name, split) == held


def test_an_answer_of_ones_own_is_named_only_where_the_data_say_another(tmp_path: Path) -> None:
    fill(*ABC)(tmp_path)
    found = look(str(tmp_path))
    lines = found.lines({"task": Given("multiclass"), "flip": Given("none")})
    assert "--flip: yours, not horizontal" in lines
    assert not any("--task" in line for line in lines)


MASK = [0] * 900 + [1] * 300


def painted(mode: str, *colours: Any, flip: bool = False) -> Build:
    """Masks of two values as Pillow writes them, beside their images."""

    def build(root: Path) -> None:
        fill("images")(root)
        (root / "masks").mkdir(exist_ok=True)
        for number in range(4):
            image = Image.new(mode, (40, 30))
            turned = flip and number % 2
            order = colours[::-1] if turned and mode == "P" else colours
            at = (1, 0) if turned else (0, 1)
            if mode == "P":
                image.putpalette([part for colour in order for part in colour])
            image.putdata([at[n] if mode == "P" else colours[n] for n in MASK])
            image.save(root / f"masks/{number}.png")

    return build


@pytest.mark.parametrize(
    ("build", "values"),
    [
        (painted("L", 0, 255), ["0=background", "255=object"]),
        (painted("L", 0, 1), None),
        (painted("L", 0, 5), None),
        (painted("1", 0, 1), None),
        (painted("RGB", (0, 0, 0), (255, 255, 255)), ["0=background", "255=object"]),
        (painted("I;16", 0, 65535), ["0=background", "65535=object"]),
        (painted("RGB", (0, 0, 0), (255, 0, 0)), ["#000000=background", "#ff0000=object"]),
        (
            painted("RGBA", (1, 1, 1, 0), (0, 9, 0, 255)),
            ["transparent=background", "#000900=object"],
        ),
        (painted("LA", (0, 255), (255, 255)), ["0=background", "255=object"]),
        (painted("P", (0, 0, 0), (255, 0, 0)), None),
        (painted("P", (0, 0, 0), (9, 0, 0), flip=True), ["#000000=background", "#090000=object"]),
    ],
)
def test_what_masks_hold_is_named(build: Build, values: list[str] | None, tmp_path: Path) -> None:
    build(tmp_path)
    found = look(str(tmp_path))
    assert found.answers.get("mask_values") == values
    if values:
        named = look(str(tmp_path), given={"classes": ["ground", "car"]}).answers["mask_values"]
        assert named == [
            values[0].replace("background", "ground"),
            values[1].replace("object", "car"),
        ]


def test_masks_of_many_colours_are_no_masks(tmp_path: Path) -> None:
    fill("images", "masks")(tmp_path)
    noise = bytes(random.Random(0).choices(range(256), k=3 * 40 * 30))
    for number in range(4):
        Image.frombytes("RGB", (40, 30), noise).save(tmp_path / f"masks/{number}.png")
    found = look(str(tmp_path))
    assert "mask_values" not in found.answers
    assert any("come from JPEG or smoothed edges" in line for line in found.unused)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_pixels_are_those_that_pillow_reads(mode: str, tmp_path: Path) -> None:
    """Whatever filters the rows of a PNG have: a photo gets all of them."""
    size = {"1": (40, 3), "I;16": (37, 23)}.get(mode, (37, 23))
    steps = (n * n // 7 + random.Random(n).randrange(3) for n in range(37 * 23 * 4))
    data = bytes(step % 256 for step in steps)
    image = Image.frombytes(mode, size, data[: len(Image.new(mode, size).tobytes())])
    if mode == "P":
        image.putpalette(data[:768])
    image.save(tmp_path / "mask.png")
    held, read = pixels.values_in([tmp_path / "mask.png"])
    if mode in ("1", "L", "P", "I;16"):
        expected = Counter(str(int(bool(x)) if mode == "1" else x) for x in image.getdata())
    else:
        colours = (f"#{bytes(x).hex()}" for x in image.convert("RGBA").getdata())
        expected = Counter(
            "transparent" if x[7:] == "00" else x.removesuffix("ff") if x[7:] == "ff" else x
            for x in colours
        )
    assert (held, read) == (expected, 1)


def test_new_writes_the_names_of_what_masks_hold(tmp_path: Path) -> None:
    painted("RGB", (0, 0, 0), (255, 0, 0))(tmp_path)
    words = ["new", str(tmp_path / "it"), "--images", str(tmp_path), "--no-input"]
    frostline.main(words, standalone_mode=False)
    written = tomllib.loads((tmp_path / "it" / "config.toml").read_text("utf-8"))
    assert written["task"]["values"] == {"#000000": "background", "#ff0000": "object"}
    assert written["head"]["classes"] == []
