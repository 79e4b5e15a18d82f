"""Tables of images and labels."""

from __future__ import annotations

from pathlib import Path

from .cases import Case, both, files, folders, reads, rows, stops, table

HEAD = "image,label\n"
ABAB = rows(*"abababab")
ENOUGH = HEAD + ABAB


def absolute(root: Path) -> None:
    table(HEAD + "".join(f"{root}/p{i}.png,{'ab'[i % 2]}\n" for i in range(8)))(root)


def csv(text: str | bytes, *said: str, **how: object) -> Case:
    return reads(table(text), *said, project="csv", **{"classes": "a b", "rest": 8, **how})  # type: ignore[arg-type]


def bad(text: str | bytes, *said: str, project: str = "csv", **how: object) -> Case:
    return stops(table(text), *said, project=project, **how)  # type: ignore[arg-type]


CASES: dict[str, Case] = {
    "a table": csv(ENOUGH),
    # Separators, encodings, quotes.
    "semicolons": csv(ENOUGH.replace(",", ";")),
    "tabs": csv(ENOUGH.replace(",", "\t")),
    "bars": bad(ENOUGH.replace(",", "|"), "has no column 'image'"),
    "a mark of UTF-8": csv(b"\xef\xbb\xbf" + ENOUGH.encode()),
    "CRLF": csv(ENOUGH.replace("\n", "\r\n")),
    "CR": bad(ENOUGH.replace("\n", "\r"), "line 1: new-line"),
    "no end of line": csv(ENOUGH.rstrip()),
    "empty lines": csv(ENOUGH.replace("\n", "\n\n")),
    "lines of separators": csv(ENOUGH + ",\n,\n"),
    "UTF-16": bad(ENOUGH.encode("utf-16"), "line 1 is not UTF-8"),
    "UTF-16 without a mark": bad(ENOUGH.encode("utf-16-le"), "labels.csv"),
    "Latin-1": bad(ENOUGH.replace("p3.png,b", "p3.png,caf\xe9").encode("latin-1"), "line 5"),
    "quotes": csv(ENOUGH.replace("p1.png,b", '"p1.png","b"')),
    "blanks": csv(ENOUGH.replace(",", " , ")),
    "a quote without end": bad(ENOUGH + '"p0.png,a\n', "line 10"),
    "a separator in a label": csv(
        ENOUGH.replace("p1.png,b", 'p1.png,"b,c"'), classes=("a", "b", "b,c")
    ),
    "a line break in a label": csv(
        ENOUGH.replace("p1.png,b", 'p1.png,"b\nc"'), classes=("a", "b", "b\nc")
    ),
    "the first line of Excel": bad("sep=,\n" + ENOUGH, "image"),
    "a comment": bad("# made by us\n" + ENOUGH, "line 2", "1 columns"),
    "a cell too many": bad(ENOUGH + "p0.png,a,x\n", "line 10: there are 3 cells, but 2 columns"),
    "a cell too few": bad(ENOUGH + "p0.png\n", "line 10: there are 1 cells"),
    "zeros in it": bad(ENOUGH + "p\0.png,a\n", "line 10"),
    "empty": bad("", "is empty"),
    "blank": bad(" \n\n", "is empty"),
    "a header alone": bad(HEAD, "no line for an image"),
    "no header": bad(ABAB, "has no column 'image'"),
    "JSON": bad('[{"image": "p0.png"}]', "image"),
    "a workbook": bad(b"PK\x03\x04\xff\xfe", "not UTF-8"),
    # Columns.
    "columns in another order": csv("label,image\n" + rows(*"abababab", form="{1},p{0}.png\n")),
    "large letters": bad(ENOUGH.replace("image", "Image"), "did you mean 'Image'?"),
    "another name for the image": bad(
        ENOUGH.replace("image", "file"), "no column 'image'", "file, label"
    ),
    "another name for the label": csv(ENOUGH.replace("label", "breed")),
    "the index of pandas": csv(
        ",image,label\n" + rows(*"abababab", form="{0},p{0}.png,{1}\n"), classes="a b"
    ),
    "an index and no label": bad(
        ",image\n" + rows(*"abababab", form="{0},p{0}.png\n"), "no column 'label'"
    ),
    "Unnamed: 0 and no label": bad(
        "Unnamed: 0,image\n" + rows(*"abababab", form="{0},p{0}.png\n"),
        "no column 'label'",
    ),
    "id and no label": bad(
        "id,image\n" + rows(*"abababab", form="{0},p{0}.png\n"), "no column 'label'"
    ),
    "image_id and a breed": bad(
        "image_id,image,breed\n" + rows(*"abababab", form="{0},p{0}.png,{1}\n"),
        "an image has one class here",
    ),
    "two that could be the label": bad(
        "image,breed,owner\n" + rows(*"abababab", form="p{0}.png,{1},x{0}\n"),
        "an image has one class here",
    ),
    "two columns of one name": bad(
        "image,label,label\n" + rows(*"abababab", form="p{0}.png,{1},{1}\n"), "two columns 'label'"
    ),
    "a label that is named": csv(
        "image,x,y\n" + rows(*"abababab", form="p{0}.png,{0},{1}\n"), set=("data.label=y",)
    ),
    "a label that is named wrongly": csv(ENOUGH, set=("data.label=lable",)),
    "a group that is no column": bad(
        ENOUGH, "has no column 'patient'", set=("data.group=patient",)
    ),
    "a split that is no column": bad(ENOUGH, "has no column 'fold'", set=("data.split=fold",)),
    "Split": bad(
        "image,label,Split\n" + rows(*"abababab", form="p{0}.png,{1},test\n"),
        "did you mean 'Split'?",
    ),
    # Splits and groups.
    "splits": reads(
        table(
            "image,label,split\n"
            + "".join(
                f"p{i}.png,{'ab'[i % 2]},{s}\n"
                for i, s in enumerate(
                    ["train", "Train", "TRAIN", "train", "val", "valid", "test", "Test"]
                )
            )
        ),
        project="csv",
        classes="a b",
        train=4,
        validation=2,
        test=2,
    ),
    "training and testing": reads(
        table(
            "image,label,split\n"
            + "".join(
                f"p{i}.png,{'ab'[i % 2]},{s}\n"
                for i, s in enumerate(["training"] * 4 + ["validation"] * 2 + ["testing"] * 2)
            )
        ),
        project="csv",
        classes="a b",
        train=4,
        validation=2,
        test=2,
    ),
    "a split that is none": bad(
        "image,label,split\n" + rows(*"abababab", form="p{0}.png,{1},extra\n"),
        "line 2: the split 'extra' is none of",
    ),
    "a patient on both sides": reads(
        table(
            "image,label,split,who\n"
            + "".join(
                f"p{i}.png,{'ab'[i % 2]},{'train' if i < 6 else 'test'},w{i % 4}\n"
                for i in range(8)
            )
        ),
        "groups, such as w",
        set=("data.group=who",),
        project="csv",
    ),
    "a class in test only": reads(
        table(
            "image,label,split\n"
            + "".join(
                f"p{i}.png,{c},{s}\n"
                for i, (c, s) in enumerate(
                    [("a", "train"), ("b", "train")] * 3 + [("a", "test"), ("B", "test")]
                )
            )
        ),
        project="csv",
    ),
    # Labels.
    "an empty label": bad(ENOUGH.replace("p3.png,b", "p3.png,"), "line 5: the column 'label'"),
    "nan": bad(
        ENOUGH.replace("p3.png,b", "p3.png,NaN"),
        "line 5: the column 'label' holds 'NaN'",
    ),
    "none": csv(ENOUGH.replace("p3.png,b", "p3.png,none"), classes="a b none"),
    "numbers": csv(HEAD + rows(*[0, 1, 2, 10] * 2), classes="0 1 2 10"),
    "True and False": csv(HEAD + rows(*[True, False] * 4), classes="False True"),
    "0 and 0.0": csv(
        HEAD + rows(*["0", "0.0", "1", "1"] * 2),
        "'0' and '0.0' are 2 names here",
        classes=None,
        rest=8,
    ),
    "Cat and cat": csv(
        HEAD + rows(*["Cat", "cat", "dog", "dog"] * 2),
        "'Cat' and 'cat' are 2 names here",
        classes=None,
    ),
    "two Unicode forms": csv(
        HEAD + rows(*["caf\u00e9", "cafe\u0301", "dog", "dog"] * 2),
        classes=("caf\u00e9", "dog"),
    ),
    "one class": bad(HEAD + rows(*"aaaaaaaa"), "at least 2 classes; found: a"),
    "every label another": csv(HEAD + rows(*range(8)), classes="0 1 2 3 4 5 6 7"),
    "a class that is called error": csv(HEAD + rows(*["error", "a"] * 4), classes="a error"),
    # Lines that repeat or contradict.
    "a line twice": csv(ENOUGH + "p0.png,a\n", "1 lines repeat another one"),
    "a line twice, written another way": csv(ENOUGH + "./p0.png,a\n", "1 lines repeat"),
    "two labels of one file": bad(ENOUGH + "p0.png,b\n", "line 10", "says something else"),
    "two labels, by way of the parent": stops(
        both(folders("x"), table(ENOUGH + "x/../p0.png,b\n")),
        "line 10",
        "says something else",
        project="csv",
    ),
    # Paths.
    "a missing file": bad(ENOUGH + "p99.png,a\n", "line 10: there is no file"),
    "an empty path": bad(ENOUGH + ",a\n", "line 10: the column 'image' is empty"),
    "an absolute path": reads(absolute, project="csv", classes="a b", rest=8),
    "backslashes": reads(
        both(
            files(*(f"x/p{i}.png" for i in range(8))),
            table(HEAD + rows(*"abababab", form="x\\p{}.png,{}\n")),
        ),
        project="csv",
        classes="a b",
        rest=8,
    ),
    "a path of Windows": bad(ENOUGH + "C:\\x\\p0.png,a\n", "line 10: there is no file"),
    "a URL": bad(ENOUGH + "https://example.org/p0.png,a\n", "line 10: there is no file"),
    "home": bad(ENOUGH + "~/p0.png,a\n", "line 10: there is no file"),
    "no suffix": bad(HEAD + rows(*"abababab", form="p{},{}\n"), "line 2: there is no file"),
    "a path that is too long": bad(ENOUGH + "x" * 5000 + ",a\n", "line 10: there is no file"),
    "no table": stops(files("p0.png"), "labels.csv cannot be read", "No such file", project="csv"),
    "a folder for a table": stops(folders("labels.csv"), "Is a directory", project="csv"),
    "the folder of the table": stops(
        table(ENOUGH), "data", "Is a directory", project="csv", set=("data.path=data",)
    ),
    # Several labels an image, and numbers.
    "labels in a cell": reads(
        table(HEAD + rows(*["a;b", "a", "b", "b;a"] * 2)), project="labels", classes="a b", rest=8
    ),
    "flags": reads(
        table("image,a,b\n" + rows(*"01010101", form="p{0}.png,{1},1\n")),
        project="labels",
        classes="a b",
        rest=8,
    ),
    "True and False as flags": reads(
        table("image,a,b\n" + rows(*[True, False] * 4, form="p{0}.png,{1},False\n")),
        project="labels",
        classes="a b",
        rest=8,
    ),
    "one column of True and False": reads(
        table("image,wet\n" + rows(*[True, False] * 4)),
        project="labels",
        classes="wet",
        rest=8,
    ),
    "flags that are none": bad(
        "image,a,b\n" + rows(*"01210101", form="p{0}.png,{1},1\n"), "a is '2'", project="labels"
    ),
    "an index beside flags": bad(
        "Unnamed: 0,image,a,b\n" + rows(*"01010101", form="{0},p{0}.png,{1},1\n"),
        "no column 'label'",
        project="labels",
    ),
    "a number": reads(
        table("image,label\n" + rows(*range(8))), project="numbers", classes="label", rest=8
    ),
    "several numbers": reads(
        table("image,x,y\n" + rows(*range(8), form="p{0}.png,{1},-1e3\n")),
        project="numbers",
        classes="x y",
        rest=8,
    ),
    "a decimal comma": bad(
        "image;label\n" + rows(*["1,5"] * 8, form="p{}.png;{}\n"), "'1,5'", project="numbers"
    ),
    "a number that is none": bad(HEAD + rows(*"1234567x"), "line 9", "'x'", project="numbers"),
    "NaN as a number": bad(HEAD + rows(*"1234567", "nan"), "line 9", "nan", project="numbers"),
    "inf as a number": bad(HEAD + rows(*"1234567", "inf"), "line 9", "inf", project="numbers"),
    "1_000": bad(HEAD + rows(*"1234567", "1_000"), "line 9", "1_000", project="numbers"),
    "a huge number": bad(HEAD + rows(*"1234567", "1e99"), "line 9", "1e99", project="numbers"),
    "an empty number": bad(
        "image,x,y\n" + rows(*"1234567", "", form="p{0}.png,{1},1\n"), "line 9", project="numbers"
    ),
}
