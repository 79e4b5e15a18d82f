"""A table of images: what is read from it, and what is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.data import source
from {{ cookiecutter.package }}.examples import Item

Found = tuple[tuple[str, ...], list[Item]]
Find = Callable[..., Found]


@pytest.fixture
def find(tmp_path: Path, config: Config) -> Find:
    """What is found in a table, beside which there are a few images."""
    for name in ("a.png", "b.png", "sub/ç d, e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (4, 4)).save(tmp_path / name)

    def found(text: str | bytes, **settings: str) -> Found:
        table = tmp_path / "table.csv"
        table.write_bytes(text if isinstance(text, bytes) else text.encode())
        plain = {"image": "image", "label": "label", "split": "split", "group": ""}
        data = config.data.model_copy(update={"path": table, **plain, **settings})
        return source.find(config.model_copy(update={"data": data}))

    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_as_programs_write_them(find: Find, delimiter: str, begin: str, end: str) -> None:
    rows = (("image", "label", "split"), ("a.png", '"x, y; z"', "val"))
    last = ('"sub/ç d, e.png"', "ü", "")
    text = begin + end.join(delimiter.join(row) for row in (*rows, last)) + end + end
    columns, items = find(text)
    assert columns == ("label",)
    assert [item.label for item in items] == [("x, y; z",), ("ü",)]
    assert [item.split for item in items] == ["validation", ""]
    assert [Path(item.file).name for item in items] == ["a.png", "ç d, e.png"]
    assert str(items[1]).endswith("table.csv, line 3")


def test_columns_have_any_names(find: Find) -> None:
    text = "Bild,x y,wo,wer\na.png,1.5,test,p1\nb.png,2,train,p2\n"
    settings = {"image": "Bild", "label": "x y", "split": "wo", "group": "wer"}
    columns, items = find(text, **settings)
    assert columns == ("x y",)
    assert [(i.label, i.split, i.group) for i in items] == [
        (("1.5",), "test", "p1"),
        (("2",), "train", "p2"),
    ]
    every, (first, _) = find(text, **{**settings, "label": "label"})
    assert every == ("x y",)
    assert first.label == ("1.5",)


def test_a_cell_may_hold_line_breaks(find: Find) -> None:
    text = 'image,label,note\na.png,x,"one\ntwo"\n\nc.png,y,"one\ntwo"\n'
    with pytest.raises(ConfigError, match=r"line 5: there is no file .*c\.png"):
        find(text)


def test_a_line_that_repeats_another_counts_once(
    find: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    _, items = find("image,label\na.png,x\na.png,x\n")
    assert len(items) == 1
    assert "1 lines repeat another one" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("image,label\na.png,x\nc.png,y\n", r"line 3: there is no file .*c\.png"),
        ("image,label\na.png,\n", "line 2: the column 'label' is empty"),
        ("image,label\n,x\n", "line 2: the column 'image' is empty"),
        ("images,label\na.png,x\n", "no column 'image'; did you mean 'images'.*images, label"),
        ("image\na.png\n", "no column 'label'.* Its columns are image"),
        ("image,label,split\na.png,x,tests\n", "line 2: the split 'tests' is none of train"),
        ("image,label\na.png,x,y\n", "line 2: there are 3 cells, but 2 columns"),
        ("image,label\na.png,x\na.png,y\n", "line 3: .*line 2 says something else"),
        ("image,label,label\na.png,x,y\n", "two columns 'label'"),
        ('image,label\na.png,"x\n', "line 2: unexpected end of data"),
        ("image,label\n", "has no line for an image"),
        ("", "is empty"),
        (b"image,label\na.png,\xe9\n", "line 2 is not UTF-8"),
        (f"image,label\n{'a/' * 4000}.png,x\n", "line 2: there is no file"),
        ("image,label\na\0.png,x\n", "line 2: "),
    ],
)
def test_mistakes_are_sentences(find: Find, text: str | bytes, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        find(text)


def test_a_group_column_must_be_there(find: Find) -> None:
    with pytest.raises(ConfigError, match="no column 'patent'; did you mean 'patient'"):
        find("image,label,patient\na.png,x,1\n", group="patent")


def test_a_table_that_is_not_there(tmp_path: Path, config: Config) -> None:
    nowhere = config.data.model_copy(update={"path": tmp_path / "nowhere" / "file"})
    with pytest.raises(ConfigError, match="nowhere"):
        source.find(config.model_copy(update={"data": nowhere}))


@pytest.mark.parametrize("column", ["id", "Unnamed: 0", "", "index", "idx"])
def test_what_numbers_the_lines_is_no_label(column: str, find: Find) -> None:
    for others in ("", ",species"):
        rows = "".join(f"{n},{name}.png{',x' * bool(others)}\n" for n, name in enumerate("ab"))
        with pytest.raises(ConfigError, match=r"has no column 'label'.*see \[data\] label"):
            find(f"{column},image{others}\n{rows}")


def test_one_form_of_names(find: Find) -> None:
    _, items = find("image,label\na.png,ü\n./b.png,u\u0308\n")
    assert items[0].label == items[1].label
    with pytest.raises(ConfigError, match="says something else of"):
        find("image,label\na.png,x\n./a.png,y\n")


@pytest.mark.parametrize("cell", ["", "NaN", "null", "n/a"])
def test_an_empty_cell_is_no_class(cell: str, find: Find) -> None:
    with pytest.raises(ConfigError, match=r"line 3: the column 'label' (is|holds) .*; fill it"):
        find(f"image,label\na.png,x\nb.png,{cell}\n")
