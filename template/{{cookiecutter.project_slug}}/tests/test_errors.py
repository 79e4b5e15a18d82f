"""What goes wrong in the user's world is a sentence; what is wrong in the program is not hidden."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from zipfile import BadZipFile

import pytest
import tensorflow as tf

from {{ cookiecutter.package }}.errors import ConfigError, intact, sentence


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ConfigError("a mistake"), "a mistake"),
        (OSError(errno.ENOSPC, "No space left", "runs/1"), "runs/1: No space left; make room"),
        (OSError("errno = 28, error message = 'No space left on device'"), "make room"),
        (tf.errors.ResourceExhaustedError(None, None, "x; No space left on device"), "make room"),
        (tf.errors.ResourceExhaustedError(None, None, "OOM when"), "batch_size or image_size"),
        (MemoryError("Unable to allocate 9 TiB"), "batch_size or image_size"),
        (PermissionError(errno.EACCES, "Permission denied", "cache"), "cache: Permission denied; "),
        (OSError(errno.EROFS, "Read-only file system", "runs"), "choose another"),
        (FileExistsError(errno.EEXIST, "File exists", "runs/1"), "a file stands where a folder"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "runs"), "a file stands where a fol"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "x.csv"), "a folder stands where"),
        (OSError(errno.EISDIR, "Is a directory", "a.1.new", None, "a"), "a: Is a directory"),
        (OSError(errno.EIO, "Input/output error", "a.png"), "a.png: Input/output error"),
    ],
)
def test_a_problem_of_the_world_is_a_sentence(problem: Exception, said: str) -> None:
    assert said in sentence(problem)
    assert "\n" not in sentence(problem)


@pytest.mark.parametrize(
    "problem",
    [ValueError("a"), KeyError("a"), OSError("a"), BrokenPipeError(errno.EPIPE, "Broken pipe")],
)
def test_a_fault_of_the_program_is_none(problem: Exception) -> None:
    assert sentence(problem) == ""


@pytest.mark.parametrize(
    "problem", [json.JSONDecodeError("bad", "", 0), BadZipFile("bad"), OSError("bad"), EOFError()]
)
def test_a_damaged_file_is_named_with_the_remedy(problem: Exception) -> None:
    said = r"^x is damaged \(\w+.*\); put a copy of it back"
    with pytest.raises(ConfigError, match=said), intact(Path("x")):
        raise problem


def test_a_file_that_is_missing_or_locked_is_not_called_damaged(tmp_path: Path) -> None:
    gone = tmp_path / "x"
    with pytest.raises(ConfigError, match="x is missing; do this"), intact(gone, "do this"):
        gone.read_bytes()
    with pytest.raises((IsADirectoryError, PermissionError)), intact(tmp_path):
        tmp_path.read_bytes()
    with pytest.raises(ConfigError, match=r"^said$"), intact(tmp_path):
        raise ConfigError("said")
