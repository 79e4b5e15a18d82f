"""What happens between one command and the next, and what a command then has to say."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .cases import AB, both, files, fill, png, put

Change = Callable[[Path], object]  # of a project's folder


@dataclass(frozen=True)
class Event:
    begun: str  # "new", "unfinished" (two of three epochs) or "finished"
    change: Change
    command: tuple[str, ...]
    said: tuple[str, ...] = ()
    code: int = 0
    patches: tuple[str, ...] = ("untrained",)
    left: Callable[[Path], bool] = lambda where: not list(where.rglob("*.new"))
    fails: str = ""


def nothing(where: Path) -> None:
    pass


def goes_on(change: Change, *said: str, epoch: int = 2, fails: str = "") -> Event:
    return Event(
        "unfinished", change, ("train",), (f"runs/1 from epoch {epoch}", *said), fails=fails
    )


def refuses(change: Change, *said: str, fails: str = "") -> Event:
    return Event("unfinished", change, ("train",), said, code=2, fails=fails)


def measures(change: Change, *said: str, code: int = 0, fails: str = "") -> Event:
    return Event("finished", change, ("evaluate",), said, code, (), fails=fails)


def new(change: Change, *said: str, code: int = 2, **how: object) -> Event:
    return Event("new", change, ("train",), said, code, **{"patches": ("untrained",), **how})  # type: ignore[arg-type]


def config(old: str, text: str) -> Change:
    def change(where: Path) -> None:
        file = where / "config.toml"
        before = file.read_text(encoding="utf-8")
        after = re.sub(old, lambda match: text.replace("HERE", where.as_posix()), before, count=1)
        assert after != before
        file.write_text(after, encoding="utf-8")

    return change


def used(split: str) -> Callable[[Path], Path]:
    """A picture of the run's split."""
    import json

    def find(where: Path) -> Path:
        rows = json.loads((where / "runs/1/examples.json").read_bytes())[split]
        return where / str(rows[0][0])

    return find


def removed(split: str) -> Change:
    return lambda where: used(split)(where).unlink()


def relabelled(where: Path) -> None:
    file = used("train")(where)
    other = {"cat": "dog", "dog": "cat"}[file.parent.name]
    file.rename(where / "data" / other / "moved.png")


def exchanged(where: Path) -> None:
    """Other pixels, under the size and the time that they had."""
    file = used("train")(where)
    before = file.stat()
    content = png("another")
    file.write_bytes(content + bytes(max(before.st_size - len(content), 0)))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(name: str) -> Change:
    return lambda where: put(where / "data", *(name.format(i) for i in range(8)))


def renamed(where: Path) -> None:
    (where / "data/dog").rename(where / "data/hound")


def damaged(name: str, content: bytes = b"\0" * 64) -> Change:
    def change(where: Path) -> None:
        for file in where.glob(name):
            file.write_bytes(content)

    return change


def gone(name: str) -> Change:
    def change(where: Path) -> None:
        for file in where.glob(name):
            file.unlink()

    return change


def two_states(where: Path) -> None:
    damaged("runs/1/state.npz")(where)
    damaged("runs/1/state.previous.npz")(where)


def swapped(name: str, folder: bool) -> Change:
    """A file where a folder should be, or the other way round."""

    def change(where: Path) -> None:
        AB(where / "data")
        place = where / name
        if folder:
            place.mkdir(parents=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("mine")

    return change


def data(build: Change) -> Change:
    return lambda where: build(where / "data")


def content(name: str, text: bytes) -> Change:
    return data(both(fill("cat", "dog", count=16), files(name, content=text)))


def elsewhere(where: Path) -> None:
    """The project lies beside the folder that the command is given in."""
    AB(where / "data")
    (where.parent / "other").mkdir()
    for name in ("config.toml", "data"):
        shutil.move(where / name, where.parent / "other")


def kept(*names: str) -> Callable[[Path], bool]:
    return lambda where: all((where / name).exists() for name in names)


def torn(where: Path) -> None:
    """A table of a run with no row."""
    (where / "runs/1/history.csv").write_text("stage,epoch\n")


def garbled(where: Path) -> None:
    np.savez(where / "runs/1/test.npz", other=np.zeros(3))
    (where / "runs/1/metrics.json").write_text('{"accuracy": 0.5}')


RAISED = config(r"test = 0.25", "test = 0.8")
FULL = content("cat/x.png", png("x"))
CASES: dict[str, Event] = {
    # A run that was killed, and what has changed since.
    "nothing": goes_on(nothing),
    "killed between state and history": Event(
        "new",
        data(fill("cat", "dog", count=16)),
        ("train",),
        ("stopped; the same command goes on",),
        130,
        ("killed after the state",),
    ),
    "a picture added": refuses(added("cat/new{}.png"), "added to", "unfinished", "--fresh"),
    "a picture removed": refuses(removed("train"), "removed from train"),
    "a picture of the test removed": refuses(removed("test"), "removed from test"),
    "a picture of another class": refuses(relabelled, "under another label in train"),
    "pixels exchanged": refuses(exchanged, "removed from train"),
    "a class renamed": refuses(renamed, "renamed from dog to hound"),
    "a class more": refuses(added("owl/{}.png"), "owl"),
    "a class less": refuses(lambda where: shutil.rmtree(where / "data/dog"), "2 classes"),
    "the data gone": refuses(lambda where: shutil.rmtree(where / "data"), "there is no folder"),
    "the whole cache zeroed": goes_on(damaged("cache/*")),
    "no cache": goes_on(lambda where: shutil.rmtree(where / "cache", ignore_errors=True)),
    "the cache is a file": Event(
        "unfinished",
        lambda where: (shutil.rmtree(where / "cache"), (where / "cache").write_text("x")),
        ("train",),
        ("cache: File exists", "move it away"),
        1,
    ),
    "the path absolute": goes_on(config(r'path = "data"', 'path = "HERE/data"')),
    "the path with a dot": goes_on(config(r'path = "data"', 'path = "./data/"')),
    "keep off": goes_on(config(r'keep = "auto"', 'keep = "off"')),
    "the cache on disk": goes_on(config(r'mode = "auto"', 'mode = "disk"')),
    "skip bad files": goes_on(config(r'on_bad_file = "stop"', 'on_bad_file = "skip"')),
    "a comment": goes_on(config(r"\[data\]", "# mine\n[data]")),
    "another rate": refuses(
        config("learning_rate = 1e-3", "learning_rate = 1e-2"), "stage", "--fresh"
    ),
    "another size": refuses(config("image_size = 32", "image_size = 64"), "data.image_size"),
    "another seed": refuses(config("seed = 7", "seed = 8"), "training.seed"),
    "another batch": refuses(config("batch_size = 16", "batch_size = 8"), "data.batch_size"),
    "another resize": refuses(config('"crop"', '"pad"'), "data.resize"),
    "more held out": refuses(RAISED, "data.test"),
    # Its files.
    "the state damaged": goes_on(damaged("runs/1/state.npz"), "cannot be used", epoch=1),
    "the state gone": goes_on(gone("runs/1/state.npz"), epoch=1),
    "the state cut off": goes_on(
        damaged("runs/1/state.npz", b"PK\x03\x04"), "cannot be used", epoch=1
    ),
    "the spare damaged": goes_on(damaged("runs/1/state.previous.npz")),
    "both states damaged": refuses(two_states, "has lost its last state", "--fresh"),
    "both states gone": refuses(gone("runs/1/state*.npz"), "has lost its last state"),
    "the history gone": goes_on(gone("runs/1/history.csv")),
    "the history damaged": goes_on(damaged("runs/1/history.csv")),
    "the settings damaged": refuses(damaged("runs/1/config.json"), "config.json is damaged"),
    "the settings empty": refuses(damaged("runs/1/config.json", b""), "config.json is damaged"),
    "the settings a list": refuses(damaged("runs/1/config.json", b"[1]"), "config.json is damaged"),
    "the examples damaged": refuses(damaged("runs/1/examples.json"), "examples.json is damaged"),
    "the examples gone": goes_on(gone("runs/1/examples.json"), "examples.json to compare"),
    "litter of a kill": Event(
        "unfinished",
        lambda where: put(where / "runs/1", "x.0123.new", content=b"x"),
        ("train",),
        ("runs/1 from epoch 2",),
        left=lambda where: True,  # until a stage ends
    ),
    # What is trained is read as trained.
    "measured": measures(nothing, "accuracy"),
    "measured, more held out": measures(RAISED, "accuracy"),
    "measured, another resize": measures(config('"crop"', '"pad"'), "accuracy"),
    "measured, another size": measures(config("image_size = 32", "image_size = 64"), "accuracy"),
    "measured, a class renamed": measures(renamed, "cat, dog", "cat, hound", code=2),
    "measured, a class more": measures(added("owl/{}.png"), "owl", code=2),
    "measured, a trained picture in the test": measures(
        lambda where: (
            [
                put(where / "data/test", f"{kind}/{file.name}", content=file.read_bytes())
                for kind in ("cat", "dog")
                for file in sorted((where / "data" / kind).iterdir())
            ]
            and [
                (where / "data/train").mkdir(),
                *(
                    shutil.move(where / "data" / kind, where / "data/train")
                    for kind in ("cat", "dog")
                ),
            ]
        ),
        "left out of the test",
    ),
    "measured, the model damaged": measures(damaged("runs/1/model.keras"), "is damaged", code=2),
    "measured, the names damaged": measures(damaged("runs/1/meaning.json"), "is damaged", code=2),
    "measured, the examples gone": measures(
        gone("runs/1/examples.json"), "no runs/1/examples.json"
    ),
    "measured, no such run": Event(
        "finished", nothing, ("evaluate", "--run", "7"), ("no finished run",), 2, ()
    ),
    "measured, a run with a slash": Event(
        "finished", nothing, ("evaluate", "--run", "../1"), ("no finished run",), 2, ()
    ),
    "finished already": Event("finished", nothing, ("train",), ("is finished", "--fresh")),
    "another beside it": Event("finished", nothing, ("train", "--fresh"), ("runs/2 from epoch 0",)),
    "a name": Event("finished", nothing, ("train", "--run", "b", "--fresh"), ("runs/b from",)),
    "a name that is taken": Event(
        "finished", nothing, ("train", "--run", "1", "--fresh"), ("exists; choose another",), 2
    ),
    "a name with a slash": Event(
        "finished", nothing, ("train", "--run", "a/b"), ("use letters, digits",), 2
    ),
    "runs/1-baseline": Event(
        "finished",
        lambda where: (where / "runs/1").rename(where / "runs/1-baseline"),
        ("train", "--fresh"),
        ("runs/1 from epoch 0",),
    ),
    "a list with a torn run": Event("unfinished", torn, ("runs",), ("is damaged",), 2, ()),
    "a list": Event("unfinished", nothing, ("runs",), ("head, epoch 2",), 0, ()),
    "a report without figures": Event(
        "finished", nothing, ("report",), ("run `evaluate` first",), 1, ()
    ),
    "a report of garbled figures": Event("finished", garbled, ("report",), ("damaged",), 2, ()),
    # Answers to pictures.
    "no such picture": Event("finished", nothing, ("predict", "no.png"), ("no such image",), 2, ()),
    "a folder without": Event(
        "finished", lambda where: (where / "x").mkdir(), ("predict", "x"), ("no such image",), 2, ()
    ),
    "answers to a folder": Event("finished", nothing, ("predict", "data"), ("cat/0.png",), 0, ()),
    "an answer to a text": Event(
        "finished", nothing, ("predict", "config.toml"), ("cannot be read", "1 of 1"), 1, ()
    ),
    "answers to nowhere": Event(
        "finished", nothing, ("predict", "data", "--output", "no/x.csv"), ("no/x.csv",), 1, ()
    ),
    "no model yet": Event("new", nothing, ("predict", "config.toml"), ("train first",), 2, ()),
    # Places.
    "runs is a file": new(swapped("runs", False), "runs", "move it away", code=1),
    "runs/1 is a file": new(swapped("runs/1", False), "runs/1", "move it away", code=1),
    "cache is a file": new(swapped("cache", False), "cache: File exists", "move it away", code=1),
    "the settings are a folder": new(
        lambda where: [(where / "config.toml").unlink(), (where / "config.toml").mkdir()],
        "config.toml: Is a directory",
        code=1,
    ),
    "no settings": new(gone("config.toml"), "there is no config.toml; run inside the project"),
    "settings from elsewhere": Event(
        "new",
        elsewhere,
        ("train", "--config", "../other/config.toml"),
        ("is no project", "cd ../other"),
        2,
        left=lambda where: not (where / "runs").exists(),
    ),
    "a full disk": new(
        FULL, "No space left", "make room", code=1, patches=("untrained", "full disk")
    ),
    "read-only": new(
        FULL, "Read-only", "choose another", code=1, patches=("untrained", "read-only runs")
    ),
    "no rights to pictures": new(
        FULL, "0.png cannot be read: ", "4 of 33", patches=("untrained", "no rights to pictures")
    ),
    "no rights to the cache": new(
        FULL, "cache", "Permission denied", code=1, patches=("untrained", "no rights to cache")
    ),
    # Files.
    "an empty picture": new(content("cat/x.png", b""), "cat/x.png cannot be read: it is empty"),
    "a picture that is a text": new(content("cat/x.jpg", b"text"), "cat/x.jpg cannot be read"),
    "a page of the web": new(content("cat/x.jpg", b"<html>"), "cat/x.jpg cannot be read"),
    "a pointer of Git LFS": new(
        content("cat/x.png", b"version https://git-lfs.github.com/spec/v1\n"),
        "Git LFS",
        fails="the branch pixels: how a file that is no image is called",
    ),
    "half a picture": new(content("cat/x.png", png("x")[:80]), "cat/x.png cannot be read"),
    "a broken link": new(
        lambda where: [
            fill("cat", "dog", count=16)(where / "data"),
            (where / "data/cat/x.png").symlink_to("nowhere"),
        ],
        "cat/x.png cannot be read",
    ),
    "one of very many is bad, skipped": Event(
        "new",
        data(both(fill("cat", "dog", count=60), files("cat/x.png", content=b""))),
        ("train", "--set", "data.on_bad_file=skip"),
        ("1 of 121 images cannot be used and are left out", "TRAINS"),
    ),
    "many are bad, skipped": Event(
        "new",
        data(both(fill("cat", "dog"), files("cat/x.png", content=b""))),
        ("train", "--set", "data.on_bad_file=skip"),
        ("1 of 9", "too many to leave out"),
        2,
    ),
    "two labels for the same bytes": new(
        data(both(fill("cat", "dog"), files("cat/x.png", "dog/y.png", content=png("x")))),
        "cat/x.png",
        "dog/y.png",
    ),
    "nothing held out": Event(
        "new",
        data(fill("cat", "dog")),
        ("train", "--set", "data.validation=0"),
        ("no images to use for validation", "[data] validation and test"),
        2,
    ),
    "a batch beyond memory": Event(
        "new",
        data(fill("cat", "dog", count=400)),
        ("train", "--set", "data.image_size=16384", "--set", "data.batch_size=1000"),
        ("more memory than there is",),
        2,
    ),
    "a GPU that is not there": Event(
        "new", data(AB), ("train", "--set", "devices.device=gpu"), ("TensorFlow sees none",), 2
    ),
}
