"""Numbers that are no colours of 8 bits become such, or it is said why they cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from {{ cookiecutter.package }}.data.check import look

SHADES = np.linspace(0, 255, 40).reshape(5, 8)
RAMPS = {
    "floats to 1": SHADES.astype("float32") / 255,
    "floats to 255": SHADES.astype("float32"),
    "16 bits": (SHADES * 257).astype("uint16"),
    "long integers to 255": SHADES.astype("int32"),
    "long integers to 65535": (SHADES * 257).astype("int32"),
}
NO_COLOURS = {
    "1.01": SHADES.astype("float32") / 255 * 1.01,
    "4000": SHADES.astype("float32") / 255 * 4000,
    "-128": SHADES.astype("float32") - 128,
    "nan": np.where(SHADES > 200, np.nan, SHADES).astype("float32"),
    "100000": (SHADES / 255 * 100_000).astype("int32"),
    "-1": SHADES.astype("int32") - 1,
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("kind", RAMPS)
def test_all_shades_are_kept(kind: str) -> None:
    Image.fromarray(RAMPS[kind]).save("ramp.tif")
    with Image.open(look("ramp.tif").file) as copy:
        assert np.abs(np.asarray(copy.convert("L")).astype(float) - SHADES).max() <= 1


@pytest.mark.parametrize("number", NO_COLOURS)
def test_numbers_that_are_no_colours_are_named(number: str) -> None:
    Image.fromarray(NO_COLOURS[number]).save("numbers.tif")
    said = look("numbers.tif").problem
    assert said.startswith("cannot be read: its numbers go from")
    assert number in said


def test_sixteen_bits_may_have_a_clear_shade() -> None:
    pixels = np.full((5, 8), 999, "uint16")
    Image.fromarray(pixels).save("clear.png", transparency=999)
    with Image.open(look("clear.png").file) as copy:
        assert np.asarray(copy).min() == 255
