"""What the project takes from others, and that what it gives is the same from build to build."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from conftest import Rendered
from support import ROOT, copied_checkout, run

WORKFLOW = ".github/workflows/ci.yml"
EPOCH = 1_700_000_000  # 14 November 2023


def zizmor(*files: Path) -> tuple[int, str]:
    """The auditor of workflows, offline: its exit status and what it found."""
    program = Path(sys.executable).with_name("zizmor.exe" if os.name == "nt" else "zizmor")
    command = [program, "--offline", "--no-progress", "--no-config", "--color=never", *files]
    done = run(command, files[0].parent)
    return done.returncode, done.stdout + done.stderr


def test_workflows_are_clean(rendered: Rendered) -> None:
    status, found = zizmor(ROOT / WORKFLOW, rendered(ci="github").path / WORKFLOW)
    assert status == 0, found
    assert "No findings" in found


@pytest.mark.parametrize(
    ("pattern", "careless", "finding"),
    [
        (r"@[0-9a-f]{40} # ", "@", "unpinned-uses"),
        (r"        with:\n          persist-credentials: false\n", "", "artipacked"),
        (r"contents: read", "contents: write", "excessive-permissions"),
        (r"\.ci/run", "echo ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_a_careless_workflow_is_found(
    pattern: str, careless: str, finding: str, tmp_path: Path
) -> None:
    text = (ROOT / WORKFLOW).read_text(encoding="utf-8")
    changed = re.sub(pattern, careless, text)
    assert changed != text
    file = tmp_path / WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text(changed, encoding="utf-8")
    status, found = zizmor(file)
    assert status != 0
    assert finding in found


def test_actions_are_the_same_in_both_workflows(rendered: Rendered) -> None:
    files = (ROOT / WORKFLOW, rendered(ci="github").path / WORKFLOW)
    own, given = (set(re.findall(r"uses: (.*)", file.read_text("utf-8"))) for file in files)
    assert own == given
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v[\d.]+", action) for action in own)


def test_the_generator_needs_five_packages(wheel: Path) -> None:
    """Each more is a thing to trust, to install and to audit."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        said = metadata.PathDistribution(zipfile.Path(archive, name.removesuffix("METADATA")))
        needs = [Requirement(text) for text in said.requires or ()]
    always = {need.name for need in needs if "extra ==" not in str(need.marker)}
    # questionary brings prompt-toolkit along, which draws what it has no prompt for.
    assert always == {"click", "cookiecutter", "jinja2", "prompt-toolkit", "questionary"}
    extras = {str(need.marker).rpartition("extra == ")[2] for need in needs if need.marker}
    assert extras == {'"train"', '"test"'}
    assert not [need for need in needs if need.url]


def build(kind: str, checkout: Path, folder: Path, **variables: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder]
    run(command, checkout, check=True, **variables)
    (file,) = folder.iterdir()
    return file


@pytest.mark.medium
def test_archives_carry_the_date_they_are_given_and_no_other(tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH, as builders of distributions set it; two builds are the same bytes."""
    checkout = copied_checkout(tmp_path / "checkout")
    for kind in ("wheel", "sdist"):
        files = []
        for turn in ("first", "second"):
            for path in checkout.rglob("*"):
                os.utime(path)
            folder = tmp_path / kind / turn
            files.append(build(kind, checkout, folder, SOURCE_DATE_EPOCH=str(EPOCH)))
        assert files[0].read_bytes() == files[1].read_bytes(), kind
        if kind == "wheel":
            with zipfile.ZipFile(files[0]) as archive:
                assert {entry.date_time[:3] for entry in archive.infolist()} == {(2023, 11, 14)}
        else:
            with tarfile.open(files[0]) as archive:
                assert {entry.mtime for entry in archive} == {EPOCH}
                assert {(entry.uid, entry.gid, entry.uname) for entry in archive} == {(0, 0, "")}


@pytest.mark.medium
def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """Who builds from what PyPI offers gets what the checkout gives, byte for byte."""
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = build("wheel", source, tmp_path / "wheel")
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.medium
def test_a_generated_project_builds_the_same_wheel_twice(
    rendered: Rendered, tmp_path: Path
) -> None:
    wheels = []
    for turn, date in (("first", EPOCH), ("second", EPOCH + 86_400)):
        project = shutil.copytree(rendered().path, tmp_path / turn / "demo")
        for path in project.rglob("*"):
            os.utime(path, (date, date))
        wheels.append(build("wheel", project, tmp_path / turn / "dist"))
    assert wheels[0].read_bytes() == wheels[1].read_bytes()
    with zipfile.ZipFile(wheels[0]) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert len(tops) == 2, tops
