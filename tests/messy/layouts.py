"""Folders: splits, classes, and what else lies there."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from .cases import AB, Case, both, files, fill, folders, link, pipe, png, put, reads, stops

TWO = "cat dog"
SPLIT = {"train": 8, "validation": 8, "test": 8}


def splits(*names: str, inner: str = "{}") -> Case:
    """Three folders that are train, validation and test."""
    build = fill(*(f"{name}/{inner.format(kind)}" for name in names for kind in TWO.split()))
    return reads(build, classes=TWO, **dict(zip(SPLIT, [8] * len(names), strict=False)))


def bytes_named(root: Path) -> None:
    AB(root)
    Path(os.fsdecode(os.fsencode(root) + b"/cat/caf\xe9.png")).write_bytes(png("bytes"))


def deep(root: Path) -> None:
    AB(root)
    put(root, "cat/" + "x/" * 60 + "0.png")


def bottomless(root: Path) -> None:
    """Deeper than any folder is that somebody made."""
    AB(root)
    here = os.getcwd()
    os.chdir(root / "cat")
    for _ in range(300):
        os.mkdir("x")
        os.chdir("x")
    Path("0.png").write_bytes(png("deep"))
    os.chdir(here)


def a_socket(root: Path) -> None:
    AB(root)
    here = os.getcwd()
    os.chdir(root / "cat")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.png")
    os.chdir(here)


def unwritten(root: Path) -> None:
    """One class twice: é as one letter, and as e with an accent."""
    put(root, *(f"{name}/{i}.png" for name in ("caf\u00e9", "cafe\u0301", "dog") for i in range(4)))


def linked(root: Path) -> None:
    put(root, *(f"../store/{name}/{i}.png" for name in TWO.split() for i in range(4)))
    root.mkdir(exist_ok=True)
    for name in TWO.split():
        (root / name).symlink_to(root.parent / "store" / name)


CASES: dict[str, Case] = {
    "a folder a class": reads(AB, classes=TWO, rest=8),
    # Splits, in every spelling.
    "train val test": splits("train", "val", "test"),
    "Train Val Test": splits("Train", "Val", "Test"),
    "TRAIN VALID TEST": splits("TRAIN", "VALID", "TEST"),
    "training validation testing": splits("training", "validation", "testing"),
    "train dev test": splits("train", "dev", "test"),
    "train eval test": splits("train", "eval", "test"),
    "training_set validation_set test_set": splits("training_set", "validation_set", "test_set"),
    "train-set val-set test-set": splits("train-set", "val-set", "test-set"),
    "Training Data": splits("Training Data", "Validation Data", "Test Data"),
    "train_images": splits("train_images", "val_images", "test_images"),
    "images_train": splits("images_train", "images_val", "images_test"),
    "TrainSet": splits("TrainSet", "ValSet", "TestSet"),
    "train2017": splits("train2017", "val2017", "test2017"),
    "01_train": splits("01_train", "02_val", "03_test"),
    "blanks around": splits("train ", " val", "test "),
    "training_set only": splits("training_set"),
    "only train": splits("train"),
    "train inside set": splits("set/train", "set/val", "set/test"),
    "three deep": splits("a/b/c/train", "a/b/c/val", "a/b/c/test"),
    "images inside splits": splits("train", "val", "test", inner="images/{}"),
    "named twice": reads(
        fill(*(f"{s}/{s}/{c}" for s in ("training_set", "test_set") for c in TWO.split())),
        classes=TWO,
        train=8,
        test=8,
    ),
    "train in train": reads(
        fill(*(f"train/{s}/{c}" for s in ("train", "val") for c in TWO.split())),
        classes=TWO,
        train=8,
        validation=8,
    ),
    "both spellings": reads(
        fill(*(f"{s}/{c}" for s in ("train", "Train", "val") for c in TWO.split())),
        classes=TWO,
        train=16,
        validation=8,
    ),
    "two for validation": reads(
        fill(*(f"{s}/{c}" for s in ("train", "val", "valid") for c in TWO.split())),
        classes=TWO,
        train=8,
        validation=16,
    ),
    "splits in classes": reads(
        fill(*(f"{c}/{s}" for s in ("train", "test") for c in TWO.split())),
        classes=TWO,
        train=8,
        test=8,
    ),
    "splits in classes, spelled": reads(
        fill(*(f"{c}/{s}" for s in ("train_set", "test_set") for c in TWO.split())),
        classes=TWO,
        train=8,
        test=8,
    ),
    "the path is train": reads(
        fill("train/cat", "train/dog", "val/cat"),
        classes=TWO,
        rest=8,
        set=('data.path="data/train"',),
    ),
    "test has loose pictures": reads(
        both(fill("train/cat", "train/dog"), files("test/1.png", "test/2.png")),
        "2 in no class folder",
        classes=TWO,
        train=8,
    ),
    "train has loose pictures": reads(
        both(fill("train/cat", "train/dog"), files("train/1.png")),
        "1 in no class folder",
        classes=TWO,
        train=8,
    ),
    "an empty val": reads(
        both(fill("train/cat", "train/dog"), folders("val/cat", "val/dog")),
        "val",
        "no images",
        classes=TWO,
        train=8,
    ),
    "an empty test": reads(
        both(fill("train/cat", "train/dog"), folders("test")), "test", "no images", train=8
    ),
    "an empty class in val": stops(
        both(fill("train/cat", "train/dog", "val/cat"), folders("val/dog")),
        "class folder",
        "val/dog has no images",
    ),
    "a class in val only": reads(
        fill("train/cat", "train/dog", "val/cat", "val/dgo"),
        train=8,
        validation=8,
    ),
    "no train": stops(
        fill("val/cat", "val/dog", "test/cat", "test/dog"), "may be a split or a class"
    ),
    "a word more, and archives around": reads(
        fill(*(f"seg_{s}/seg_{s}/{c}" for s in ("train", "test") for c in TWO.split())),
        classes=TWO,
        train=8,
        test=8,
    ),
    "a word more, and loose pictures beside": stops(
        both(
            fill(*(f"seg_{s}/seg_{s}/{c}" for s in ("train", "test") for c in TWO.split())),
            files("seg_pred/seg_pred/1.png"),
        ),
        "data/seg_test may be a split or a class",
        "beside it are seg_pred",
    ),
    "the same, with folders": reads(
        both(
            fill(*(f"seg_{s}/seg_{s}/{c}" for s in ("train", "test") for c in TWO.split())),
            files("seg_pred/seg_pred/1.png"),
        ),
        "1 beside the splits",
        classes=TWO,
        train=8,
        test=8,
        set=("data.splits=folders",),
    ),
    "val without classes, as Tiny ImageNet": reads(
        fill("train/cat/images", "train/dog/images", "val/images", "test/images"),
        "8 in no class folder",
        classes=TWO,
        train=8,
    ),
    "folds": reads(
        fill(*(f"fold{n}/{c}" for n in (1, 2) for c in TWO.split())),
        "each class has the same folders inside, cat, dog",
        classes="fold1 fold2",
        rest=16,
    ),
    # A split or a class?
    "a class called train": reads(
        fill("cat", "dog", "train"), "'train' is a class here", classes="cat dog train", rest=12
    ),
    "a class called train, with kinds": stops(
        fill("car", "train/freight", "train/tram"),
        "data/train may be a split or a class",
        'splits = "folders"',
        'splits = "none"',
    ),
    "the same, as classes": reads(
        fill("car", "train/freight", "train/tram"),
        classes="car train",
        rest=12,
        set=("data.splits=none",),
    ),
    "the same, as splits": reads(
        fill("car", "train/freight", "train/tram"),
        "4 beside the splits",
        classes="freight tram",
        train=8,
        set=("data.splits=folders",),
    ),
    "a class called test": stops(fill("cat", "test"), "data/test may be a split or a class"),
    "a class called val": stops(fill("cat", "dog", "val"), "data/val may be a split or a class"),
    "test beside, as a class": reads(
        fill("cat", "dog", "test"), classes="cat dog test", rest=12, set=("data.splits=none",)
    ),
    "classes train and test": stops(fill("train", "test"), "may be a split or a class"),
    "training_set without classes": stops(
        fill("training_set", "test_set"), "may be a split or a class"
    ),
    "a third beside the splits": stops(
        fill("train/cat", "train/dog", "test/cat", "test/dog", "extra/cat"), "extra"
    ),
    "one class with splits inside": stops(
        fill("cat/train", "cat/test", "dog"), "may be a split or a class"
    ),
    "testing tools": reads(fill("hammer", "test tube"), classes=("hammer", "test tube"), rest=8),
    "trains": reads(fill("trains", "cars"), classes="cars trains", rest=8),
    "training shoes": reads(
        fill("training shoes", "sandals"), classes=("sandals", "training shoes"), rest=8
    ),
    # One level or two.
    "a folder around": reads(fill("set/cat", "set/dog"), classes=TWO, rest=8),
    "three folders around": reads(fill("a/b/c/cat", "a/b/c/dog"), classes=TWO, rest=8),
    "folders in classes": reads(fill("cat/2021", "cat/2022", "dog"), classes=TWO, rest=12),
    "two levels of classes": reads(
        fill("animals/cat", "animals/dog", "plants/rose"), classes="animals plants", rest=12
    ),
    "a text beside the folder": reads(
        both(fill("set/cat", "set/dog"), files("README.md", "set/notes.txt", content=b"x")),
        "1 no image (.md)",
        "1 no image (.txt)",
        classes=TWO,
        rest=8,
    ),
    "sixty deep": reads(deep, classes=TWO, rest=9),
    "bottomless": stops(bottomless, "data/cat", "deep"),
    # Too little.
    "one class": stops(fill("cat"), "at least 2 classes; found: cat"),
    "one class in splits": stops(fill("train/cat", "val/cat"), "at least 2 classes"),
    "no folders": stops(
        files(*(f"cat.{i}.png" for i in range(4))),
        "4 in no class folder",
        "at least two folders of images",
    ),
    "nothing": stops(folders("."), "at least two folders of images"),
    "empty classes alone": stops(folders("cat", "dog"), "at least two folders of images"),
    "an empty class": stops(both(AB, folders("owl")), "class folder data/owl has no images"),
    "a class of texts": stops(
        both(AB, files("owl/a.txt", content=b"x")), "class folder data/owl has no images"
    ),
    "a class of hidden files": stops(
        both(AB, files("owl/.a.png")), "class folder data/owl has no images"
    ),
    "YOLO": stops(
        both(fill("train/images", "valid/images"), files("train/labels/0.txt", content=b"0")),
        "at least 2 classes; found: images",
    ),
    # Loose, hidden, of the system, no image.
    "loose pictures": reads(
        both(AB, files("a.png", "b.png")), "2 in no class folder", classes=TWO, rest=8
    ),
    "DS_Store": reads(
        both(AB, files(".DS_Store", "cat/.DS_Store", content=b"x")),
        "2 hidden or of the system",
        rest=8,
    ),
    "AppleDouble": reads(
        both(AB, files("cat/._0.png", "dog/._1.png")), "2 hidden or of the system", rest=8
    ),
    "Thumbs.db": reads(
        both(AB, files("cat/Thumbs.db", "dog/desktop.ini", content=b"x")),
        "2 hidden or of the system",
        rest=8,
    ),
    "thumbnails of a NAS": reads(
        both(AB, files("cat/@eaDir/0.png/SYNOPHOTO_THUMB_M.png", "@eaDir/x/y.png")),
        "2 hidden or of the system",
        classes=TWO,
        rest=8,
    ),
    "an archive of a Mac": reads(
        both(AB, files("__MACOSX/cat/._0.png")), "1 hidden or of the system", classes=TWO, rest=8
    ),
    "a recycle bin": reads(
        both(AB, files("$RECYCLE.BIN/0.png", "#recycle/1.png", "lost+found/2.png")),
        "3 hidden or of the system",
        classes=TWO,
        rest=8,
    ),
    "System Volume Information": reads(
        both(AB, files("System Volume Information/0.png")),
        "1 hidden or of the system",
        classes=TWO,
        rest=8,
    ),
    "notebook checkpoints": reads(
        both(AB, files("cat/.ipynb_checkpoints/0-checkpoint.png")),
        "1 hidden or of the system",
        rest=8,
    ),
    "git": reads(both(AB, files(".git/objects/0.png")), "1 hidden", classes=TWO, rest=8),
    "raw photos": reads(
        both(AB, files("cat/1.CR2", "cat/2.nef", content=b"II*\0")),
        "1 no image (.cr2)",
        "1 no image (.nef)",
        rest=8,
    ),
    "films": reads(both(AB, files("dog/1.mp4", content=b"x")), "1 no image (.mp4)", rest=8),
    "documents": reads(
        both(AB, files("dog/1.pdf", "dog/2.svg", content=b"x")), "1 no image (.pdf)", rest=8
    ),
    "annotations beside": reads(
        both(AB, files("cat/0.xml", "cat/0.json", content=b"x")), "1 no image (.json)", rest=8
    ),
    # Suffixes.
    "large suffixes": reads(fill("cat", "dog", name="{}.PNG"), classes=TWO, rest=8),
    "jpe and jfif": reads(both(AB, files("cat/a.jpe", "cat/b.jfif")), rest=10),
    "ppm and tga": reads(both(AB, files("cat/a.ppm", "dog/b.tga")), rest=10),
    "no suffix, a picture": reads(both(AB, files("cat/a", "dog/b")), rest=10),
    "no suffix, a text": reads(
        both(AB, files("cat/a", content=b"text")), "1 no image (no suffix)", rest=8
    ),
    "another suffix, a picture": reads(both(AB, files("cat/a.original")), rest=9),
    "a suffix alone": reads(
        both(AB, files("cat/.png")), "1 hidden or of the system", classes=TWO, rest=8
    ),
    "a folder like a file": reads(fill("cat.png", "dog.png"), classes="cat.png dog.png", rest=8),
    # Links and pipes.
    "linked classes": reads(linked, classes=TWO, rest=8),
    "a linked picture": reads(
        both(AB, files("../one.png"), link("cat/link.png", "../../one.png")), rest=9
    ),
    "a link around": reads(
        both(AB, link("cat/again", "..")), "1 a link to a folder around it", classes=TWO, rest=8
    ),
    "links in a circle": reads(
        both(AB, link("cat/x", "../dog"), link("dog/y", "../cat")),
        "a link to a folder around it",
        classes=TWO,
    ),
    "a link to itself": reads(both(AB, link("cat/x", "x")), "1 ", classes=TWO, rest=8),
    "a link to nowhere": reads(
        both(AB, link("cat/x", "nowhere")), "1 no image (no suffix)", classes=TWO, rest=8
    ),
    "a class that links nowhere": reads(
        both(AB, link("owl", "nowhere")), "1 no image", classes=TWO, rest=8
    ),
    "a pipe": reads(both(AB, pipe("cat/x")), "1 no file", classes=TWO, rest=8),
    "a pipe like a picture": reads(both(AB, pipe("cat/x.png")), "1 no file", classes=TWO, rest=8),
    "a socket": reads(a_socket, "1 no file", classes=TWO, rest=8),
    # Names.
    "two Unicode forms": reads(unwritten, classes=("caf\u00e9", "dog"), rest=12),
    "case": reads(
        fill("Cat", "cat", "dog"), "'Cat' and 'cat' differ by case", classes="Cat cat dog", rest=12
    ),
    "blanks": reads(
        fill("ice bear", "icebear"),
        "'ice bear' and 'icebear' differ by case or blanks",
        classes=("ice bear", "icebear"),
        rest=8,
    ),
    "a blank at the end": reads(fill("cat", "cat ", "dog"), "differ by case or blanks", rest=12),
    "case in splits": reads(
        fill("train/Cat", "train/dog", "val/cat", "val/dog"),
        "'Cat' and 'cat' differ by case",
    ),
    "numbers": reads(fill("10", "2", "1"), classes="1 2 10", rest=12),
    "numbers with zeros": reads(fill("01", "1"), classes="01 1", rest=8),
    "punctuation": reads(fill("a,b", 'c"d', "e;f"), classes=("a,b", 'c"d', "e;f"), rest=12),
    "a line break": reads(fill("a\nb", "c"), classes=("a\nb", "c"), rest=8),
    "letters of the world": reads(fill("犬", "猫", "🐦"), classes="犬 猫 🐦", rest=12),
    "error": reads(fill("error", "file"), classes="error file", rest=8),
    "very long": reads(fill("a" * 200, "b" * 200), classes=("a" * 200, "b" * 200), rest=8),
    "bytes that are no text": reads(bytes_named, classes=TWO, rest=9),
    "letters in file names": reads(
        fill("cat", "dog", name="a #{} %20?*|<>.png"), classes=TWO, rest=8
    ),
    # The path.
    "a missing folder": stops(AB, "there is no folder nowhere", set=("data.path=nowhere",)),
    "a missing parent": stops(AB, "there is no folder no/where", set=("data.path=no/where",)),
    "a file": stops(
        AB, "data/cat/0.png is a file, and should be a folder", set=("data.path=data/cat/0.png",)
    ),
    "an archive": stops(
        files("set.zip", content=b"PK"), "is an archive; unpack it", set=("data.path=data/set.zip",)
    ),
    "a damaged archive": stops(
        files("set.zip", content=b"PK\3\4 no more"),
        "data/set.zip",
        "archive",
        set=("data.path=data/set",),
    ),
    "a pointer of Git LFS": stops(
        files("set.zip", content=b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
        "data/set.zip",
        "Git LFS",
        set=("data.path=data/set",),
    ),
    "a home that is none": stops(AB, "there is no folder", set=("data.path=~nobody/x",)),
    "home, without the folder": stops(AB, "there is no folder", "/x", set=("data.path=~/x",)),
    "an empty path": stops(AB, "path", set=('data.path=""',)),
    "a zero in the path": stops(AB, "embedded null byte", set=(r'data.path="a\u0000b"',)),
    "a very long path": stops(AB, "a" * 50, set=(f"data.path={'a' * 5000}",), code=1),
    "a slash at the end": reads(AB, classes=TWO, rest=8, set=("data.path=data/",)),
    "by way of the parent": reads(AB, classes=TWO, rest=8, set=("data.path=data/cat/..",)),
    "a URL": stops(AB, "there is no folder", set=("data.path=https://example.org/set",)),
    "splits that are none": stops(AB, "splits", "none", set=("data.splits=off",)),
    # Groups and lists of classes.
    "a group": reads(
        fill("cat", "dog", name="patient{}.png"), rest=8, set=('data.group="patient[0-9]+"',)
    ),
    "a group that is in no path": stops(
        AB, "group", "patient[0-9]+", "no path", set=('data.group="patient[0-9]+"',)
    ),
    "a group that is in some": reads(
        both(AB, files("cat/patient1.png")),
        "8 of 9",
        "group",
        set=('data.group="patient[0-9]+"',),
    ),
    "a group that is wrong": stops(AB, "[data] group = '('", set=('data.group="("',)),
    "a group on both sides": reads(
        both(
            fill("train/cat", "train/dog", name="p1_{}.png"),
            fill("test/cat", "test/dog", name="p{}_0.png"),
        ),
        "groups, such as p",
        "are in several splits",
        set=('data.group="p[0-9]+"',),
    ),
    "classes in another order": reads(AB, classes="dog cat", set=('head.classes=["dog","cat"]',)),
    "a class too many": stops(
        AB, "only in config.toml: owl", set=('head.classes=["cat","dog","owl"]',)
    ),
    "a class too few": stops(AB, "only in the data: dog", set=('head.classes=["cat"]',)),
    "a class twice": stops(AB, "cat", "twice", set=('head.classes=["cat","dog","cat"]',)),
    "outputs": stops(AB, "outputs = 3", "2 classes", set=("head.outputs=3",)),
}
