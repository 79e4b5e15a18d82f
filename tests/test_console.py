"""The whole output of a training and an evaluation: nothing that is not ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import clean_environment, needs_tensorflow, render

# What TensorFlow, Abseil, CUDA and Keras write by themselves.
THEIRS = re.compile(
    r"^[IWEF]\d{4} |absl::|NodeDef|oneDNN|cuda|cuInit|XLA|Warning:|WARNING|/step|^To enable", re.M
)
OURS = {"looking at images", "comparing the images", "the model answers"}


@pytest.mark.slow
@needs_tensorflow
def test_no_line_is_not_ours(tmp_path: Path) -> None:
    project = render({"name": "Demo", "ci": "none"}, tmp_path / "demo").path
    short = [f"--set=stage.{name}.epochs=1" for name in ("head", "block3", "block2", "block1")]
    environment = clean_environment(tmp_path, PYTHONPATH=str(project / "src"))
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    for command in (["train", *short], ["evaluate"], ["plan"]):
        done = subprocess.run(
            [sys.executable, "-m", "demo", *command],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert set(done.stderr.splitlines()) <= OURS
        assert not THEIRS.findall(done.stdout.replace("XLA        off", ""))
    assert re.search(r"^[IWE]\d{4} ", (project / "runs/1/log.txt").read_text("utf-8"), re.M)
