"""config.toml, as people and programs write it, and --set."""

from __future__ import annotations

from collections.abc import Callable

from .cases import AB as PICTURES
from .cases import Case, both, reads, stops

Edit = Callable[[bytes], bytes]


def written(edit: Edit, *said: str, code: int = 2, fails: str = "") -> Case:
    """config.toml, edited; `data` holds two classes of four pictures."""

    def build(root: object) -> None:
        file = root.parent / "config.toml"  # type: ignore[attr-defined]
        file.write_bytes(edit(file.read_bytes()))

    if code:
        return stops(both(PICTURES, build), *said, code=code, fails=fails)
    return reads(both(PICTURES, build), *said, rest=8, fails=fails)


def line(old: str, new: str, *said: str, code: int = 2, fails: str = "") -> Case:
    return written(
        lambda x: x.replace(old.encode(), new.encode(), 1), *said, code=code, fails=fails
    )


def put(new: str, *said: str, code: int = 2, fails: str = "") -> Case:
    """--set, refused."""
    return stops(PICTURES, *said, set=(new,), code=code, fails=fails)


def add(text: str, *said: str, code: int = 2) -> Case:
    return written(lambda x: x + text.encode(), *said, code=code)


STAGE = '[[stage]]\nname = "x"\ntrain = []\nepochs = 1\nlearning_rate = 1e-3\n'
CASES: dict[str, Case] = {
    # The file.
    "as it is": written(lambda x: x, code=0),
    "a mark of UTF-8": written(lambda x: b"\xef\xbb\xbf" + x, code=0),
    "CRLF": written(lambda x: x.replace(b"\n", b"\r\n"), code=0),
    "UTF-16": written(lambda x: x.decode().encode("utf-16"), "is not valid TOML"),
    "Latin-1": written(lambda x: x + b"# caf\xe9\n", "is not valid TOML"),
    "empty": written(lambda x: b"", "'data' is missing"),
    "cut off": written(lambda x: x[: x.index(b"batch_size") + 12], "is not valid TOML"),
    "zeros": written(lambda x: bytes(len(x)), "is not valid TOML"),
    "a key twice": line("batch_size = 16", "batch_size = 16\nbatch_size = 8", "not valid TOML"),
    "a table twice": add("\n[data]\n", "is not valid TOML"),
    "no quotes": line('"crop"', "crop", "is not valid TOML", "line"),
    "JSON": written(lambda x: b'{"data": {}}', "is not valid TOML"),
    "five thousand digits": line("batch_size = 16", f"batch_size = {'9' * 5000}", "not valid TOML"),
    "a thousand brackets": add(f"\nx = {'[' * 5000}\n", "is not valid TOML"),
    # Keys and tables.
    "an unknown key": line("batch_size = 16", "batchsize = 16", "batchsize", "batch_size"),
    "a key too many": line(
        "batch_size", "colour = 3\nbatch_size", "[data]", "unknown key 'colour'"
    ),
    "an unknown table": add("\n[optimiser]\nx = 1\n", "unknown key 'optimiser'"),
    "a key in the wrong table": add("\n[more]\nseed = 3\n", "unknown key 'more'"),
    "a table for a value": line("batch_size = 16", "batch_size = {a = 1}", "batch_size"),
    "a value for a table": line("[cache]", "[other]", "other"),
    "a list for a table": line("[head]", "[[head]]", "head"),
    "a missing key": line("batch_size = 16\n", "", "[data]", "'batch_size' is missing"),
    "no stage": written(lambda x: x[: x.index(b"[[stage]]")], "stage"),
    "a stage as a table": written(
        lambda x: x[: x.index(b"[[stage]]")] + STAGE.replace("[[stage]]", "[stage]").encode(),
        "stage",
    ),
    "two stages of one name": add(STAGE + STAGE, "two stages are called 'x'"),
    "a stage without a name": add(STAGE.replace('"x"', '""'), "name", "at least 1"),
    "a comma and a slash in its name": add(STAGE.replace('"x"', '"a,b/c"'), code=0),
    # Types and ranges.
    "text for a number": line("batch_size = 16", 'batch_size = "16"', "line", "batch_size", "'16'"),
    "true for a number": line("batch_size = 16", "batch_size = true", "line", "batch_size"),
    "a fraction for a count": line("batch_size = 16", "batch_size = 16.5", "line", "batch_size"),
    "16.0 for a count": line("batch_size = 16", "batch_size = 16.0", "line", "batch_size"),
    "none at all": line("batch_size = 16", "batch_size = 0", "greater than or equal to 1"),
    "fewer than none": line("batch_size = 16", "batch_size = -4", "greater than or equal to 1"),
    "a batch of 10^20": line("batch_size = 16", "batch_size = 100000000000000000000", "batch_size"),
    "a date": line("batch_size = 16", "batch_size = 2024-01-01", "batch_size"),
    "a list for a number": line("batch_size = 16", "batch_size = [16]", "batch_size"),
    "a small image": line("image_size = 32", "image_size = 4", "image_size"),
    "a huge image": line("image_size = 32", "image_size = 100000", "image_size"),
    "two sides": line("image_size = 32", "image_size = [32, 32]", "image_size"),
    "a seed beyond 32 bits": line("seed = 7", "seed = 9999999999", "seed"),
    "a negative seed": line("seed = 7", "seed = -1", "seed"),
    "all of it held out": line(
        "validation = 0.15", "validation = 1.0", "validation", "less than 1"
    ),
    "a share in percent": line("validation = 0.15", "validation = 15", "validation"),
    "a share as text": line("test = 0.15", 'test = "15%"', "test"),
    "a share that is no number": line("test = 0.15", "test = nan", "test", "finite"),
    "a negative share": line("test = 0.15", "test = -0.1", "test"),
    "an infinite decay": line("weight_decay = 0.1", "weight_decay = inf", "weight_decay"),
    "a rate of 0": line("learning_rate = 3e-2", "learning_rate = 0", "learning_rate"),
    "a negative rate": line("learning_rate = 3e-2", "learning_rate = -1e-3", "learning_rate"),
    "no rate at all": line("learning_rate = 3e-2", "learning_rate = nan", "learning_rate"),
    "a rate as text": line("learning_rate = 3e-2", 'learning_rate = "3e-2"', "learning_rate"),
    "no epochs": line("epochs = 100", "epochs = 0", "epochs"),
    "epochs without end": line("epochs = 100", "epochs = 99999999999", "epochs"),
    "a selector without its list": line("train = []", 'train = "block:block3"', "train"),
    "numbers for selectors": line("train = []", "train = [1]", "train"),
    "a word that is none": line('resize = "crop"', 'resize = "fit"', "resize", "'crop', 'pad'"),
    "a large letter": line('optimizer = "adamw"', 'optimizer = "AdamW"', "optimizer"),
    "true as text": line("deterministic = true", 'deterministic = "true"', "deterministic"),
    "1 for true": line("deterministic = true", "deterministic = 1", "deterministic"),
    "a number for a text": line('group = ""', "group = 3", "group"),
    "no pattern": line('group = ""', 'group = "("', "[data] group = '('"),
    "a million threads": line("threads = 0", "threads = 1000000", "threads"),
    "a dropout of 1": line("dropout = 0.5", "dropout = 1", "dropout"),
    "a hidden layer of 0": line("hidden = []", "hidden = [0]", "hidden"),
    "a class that is a number": line("classes = []", "classes = [1, 2]", "classes"),
    "classes in a text": line("classes = []", 'classes = "cat,dog"', "classes"),
    "another source": line('source = "folder"', 'source = "csv"', "source", "'folder'"),
    # --set
    "set without a value": put("data.batch_size", "batch_size"),
    "set a table": put("data=3", "data"),
    "set nothing": put("=3", "unknown key ''"),
    "set an unknown key": put("data.batchsize=3", "unknown key 'batchsize'"),
    "set an unknown table": put("dta.batch_size=3", "dta"),
    "set below a value": put("data.path.x=1", "has no table data.path"),
    "set a stage that is none": put("stage.tail.epochs=1", "has no table stage.tail"),
    "set a stage by its number": put("stage.0.epochs=1", "has no table stage.0"),
    "set text for a number": put("data.batch_size=many", "batch_size", "'many'"),
    "set a range": put("data.batch_size=0", "batch_size"),
    "set a stage among numbers": stops(
        PICTURES, "stage", set=("stage=[1]", "stage.head.epochs=3"), code=2
    ),
    "set a stage": reads(PICTURES, set=("stage.head.epochs=3",), rest=8),
    "set, twice": reads(PICTURES, set=("data.batch_size=4", "data.batch_size=8"), rest=8),
}
