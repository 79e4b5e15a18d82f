"""What cannot be learned from stops the training, or is left out and listed; never in silence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from {{ cookiecutter.package }} import listing, quarantine, task
from {{ cookiecutter.package }}.config import Config, ConfigError
from {{ cookiecutter.package }}.examples import Item


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is remembered goes to the folder where one is, and an item's label is its fault."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(task, "faults", lambda items, *_: [item.label[0] for item in items])
    return tmp_path


def save(file: Path) -> Path:
    Image.new("RGB", (40, 30)).save(file)
    return file


def items(files: Sequence[Path], fault: str = "", place: str = "") -> list[Item]:
    """Items without a fault but the last one."""
    return [Item(str(file), (fault * (file == files[-1]),), place=place) for file in files]


def check(found: list[Item], config: Config, on_bad_file: str) -> list[str]:
    data = config.data.model_copy(update={"on_bad_file": on_bad_file})
    kept, looks = quarantine.checked(found, config.model_copy(update={"data": data}))
    assert len(looks) == len(kept)
    return [item.file for item in kept]


def test_a_bad_file_stops_and_is_named(place: Path, config: Config) -> None:
    good, bad = save(place / "good.png"), place / "bad.png"
    bad.write_bytes(b"")
    with pytest.raises(ConfigError, match=r"bad\.png cannot be read: it is empty.* 1 of 2 images"):
        check(items([good, bad]), config, "stop")


def test_what_a_label_names_can_be_bad_as_well(place: Path, config: Config) -> None:
    files = [save(place / "good.png"), save(place / "other.png")]
    with pytest.raises(ConfigError, match=r"^line 3: its mask is torn\. It is .* 1 of 2 images"):
        check(items(files, "its mask is torn", "line 3"), config, "stop")


@pytest.mark.parametrize("fault", ["", "its mask is torn"])
def test_a_few_bad_files_may_be_left_out_and_are_listed(
    fault: str, place: Path, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    good = [save(place / f"{number}.png") for number in range(99)]
    bad = place / "schlecht ü.png"
    if fault:
        save(bad)
    else:
        bad.write_bytes(b"")
    assert check(items([*good, bad], fault), config, "skip") == [str(file) for file in good]
    said = capsys.readouterr().out
    left_out = listing.remembered(config.data.path).with_name("left-out.tsv")
    assert str(left_out) in said
    assert (fault or "it is empty") in said
    assert left_out.read_text(encoding="utf-8") == f"{bad}\t{fault or 'it is empty'}\n"
    with pytest.raises(ConfigError, match=r"2 of 99 images.*too many"):
        check(items([*good[:97], bad, bad], fault), config, "skip")


def test_what_is_damaged_while_training_goes_on_is_named(place: Path) -> None:
    files = [str(save(place / f"{number}.jpg")) for number in range(3)]
    quarantine.refuse_damaged(files)
    (place / "1.jpg").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"1\.jpg can no longer be read: it is empty"):
        quarantine.refuse_damaged(files)
