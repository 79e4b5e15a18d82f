"""The kit `deploy`: what starts a project elsewhere, looked at by the tools for such files."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import Answers, Project, needs_tensorflow, posix, render, run

NAMES = ("flowers", "My.Flowers_2", "0" * 64, "a..b__c", "x" * 43 + ".y")
KITS = (["deploy"], ["deploy", "distribute", "gpus"])
BIN = Path(sys.executable).parent
LABEL = r"[a-z]([a-z0-9-]*[a-z0-9])?"


@pytest.fixture(params=[(name, kits) for name in NAMES for kits in KITS], ids=str)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A project under a name that is good for folders, and bad for something else."""
    return made(*request.param, tmp_path)


def made(name: str, kits: list[str], where: Path) -> Project:
    answers: Answers = {"name": name, "project_slug": name, "package": "net", "kits": kits}
    return render(answers, where / name)


def documents(project: Project) -> dict[str, Any]:
    """The parts of the manifest by their kind."""
    found = yaml.safe_load_all(project.read("deploy/job.yaml"))
    return {document["kind"]: document for document in found}


def lint(project: Project, tool: str, *arguments: str) -> None:
    program = BIN / tool
    command = [program if program.exists() else shutil.which(tool) or tool, *arguments]
    done = run(command, project.path / "deploy")
    assert done.returncode == 0, done.stdout + done.stderr


@posix
@pytest.mark.parametrize("kits", KITS, ids=str)
def test_every_file_is_passed_by_its_linter(kits: list[str], tmp_path: Path) -> None:
    project = made("My.Flowers_2", kits, tmp_path)
    lint(project, "hadolint", "Dockerfile")
    lint(project, "shellcheck", "train.sbatch")
    lint(project, "kubernetes-validate", "--strict", "job.yaml")


def test_names_are_what_kubernetes_and_docker_take(project: Project) -> None:
    found = documents(project)
    count = found["Job"]["spec"]["completions"]
    for document in found.values():
        name = document["metadata"]["name"]
        assert re.fullmatch(LABEL, name)
        assert len(f"{name}-{count - 1}-xxxxx") <= 63
    image = found["Job"]["spec"]["template"]["spec"]["containers"][0]["image"]
    assert re.fullmatch(r"registry\.example\.com/[a-z0-9]+(-+[a-z0-9]+)*:gpu", image)
    assert image.removeprefix("registry.example.com/") in project.read("deploy/README.md")


def test_the_parts_of_the_manifest_agree(project: Project) -> None:
    found = documents(project)
    job = found["Job"]["spec"]
    pod = job["template"]["spec"]
    (container,) = pod["containers"]
    variables = {entry["name"]: entry["value"] for entry in container["env"]}
    assert job["parallelism"] == job["completions"]
    claims = [v["persistentVolumeClaim"] for v in pod["volumes"] if "emptyDir" not in v]
    assert claims == [{"claimName": found["PersistentVolumeClaim"]["metadata"]["name"]}]
    places = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {"/project/data", "/project/runs", "/project/cache"} < places
    assert variables["PREEMPTED_EXIT"] != "0"
    assert ("Service" in found) == ("WORKERS" in variables) == (job["completions"] > 1)
    if "Service" in found:
        service = found["Service"]
        assert variables["WORKERS"] == str(job["completions"])
        assert variables["JOB_NAME"] == found["Job"]["metadata"]["name"]
        assert variables["SERVICE"] == service["metadata"]["name"] == pod["subdomain"]
        assert service["spec"]["selector"] == job["template"]["metadata"]["labels"]


def test_a_pod_that_stops_goes_on_as_the_same_worker(project: Project) -> None:
    """Its number comes from the index of the job, and its neighbours ask the service for it."""
    found = documents(project)
    job = found["Job"]["spec"]
    assert job["completionMode"] == "Indexed"
    assert job["template"]["spec"]["restartPolicy"] == "OnFailure"
    assert job["backoffLimit"] > 0
    if "Service" in found:
        service = found["Service"]["spec"]
        assert service["clusterIP"] == "None"
        assert service["publishNotReadyAddresses"] is True


def test_slurm_is_told_what_the_script_and_the_training_rely_on(project: Project) -> None:
    shebang, *lines = project.read("deploy/train.sbatch").splitlines()
    assert shebang == "#!/bin/bash"
    head = itertools.takewhile(lambda line: line.startswith("#"), lines)  # sbatch reads no further
    matches = (re.fullmatch(r"#SBATCH --([\w-]+)=?(.*)", line) for line in head)
    told = {match[1]: match[2] for match in matches if match}
    job = documents(project)["Job"]["spec"]
    grace = job["template"]["spec"]["terminationGracePeriodSeconds"]
    assert told["signal"] == f"TERM@{grace}"  # to the training; B: would send it to the script
    assert {"requeue": "", "open-mode": "append", "ntasks-per-node": "1"}.items() <= told.items()
    assert told["nodes"] == str(job["completions"])


def test_images_are_made_from_what_is_named_to_the_last_number(project: Project) -> None:
    text = project.read("deploy/Dockerfile")
    origins = re.findall(r"(?m)^FROM (\S+) AS (\S+)$", text)
    assert len(origins) == len(re.findall("(?m)^FROM ", text))
    (base,) = {origin for origin, _ in origins} - {name for _, name in origins}
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-[a-z]+", base)
    pinned = dict(re.findall(r"(?m)^ARG ([A-Z]+)=(\d+\.\d+\.\d+)$", text))
    (written,) = re.findall(r"printf '(.*)\\n' (.*) > requirements\.lock$", text, re.MULTILINE)
    assert written[0].split(r"\n") == [f"{name.lower()}==%s" for name in pinned]
    assert shlex.split(written[1]) == [f"${{{name}}}" for name in pinned]
    commands = re.findall(r"(?m)pip install (.*)$", text)
    assert len(commands) == 4
    assert all("--constraint requirements.lock " in command for command in commands)


@posix
@pytest.mark.parametrize("tool", ["uv", "pip-compile"])
def test_a_lock_file_is_made_and_then_installed_from(tool: str, tmp_path: Path) -> None:
    """With uv where there is uv; scripts in the place of the programs note what they are told."""
    project = render({"package": "net", "kits": ["deploy"]}, tmp_path / "net")
    own, others = project.path / ".venv/bin", tmp_path / "bin"
    note = f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/told\n'
    scripts = {own / "python": note, own / "pip-compile": f"{note}touch requirements.lock\n"}
    if tool == "uv":
        scripts[others / "uv"] = f"{note}touch requirements.lock\n"
    for file, text in scripts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)
    path = os.pathsep.join([str(others), "/usr/bin", "/bin"])
    install = ["make", ".venv/bin/.ready"]
    for command in (install, ["make", "lock"], install):
        run(command, project.path, check=True, PATH=path)
    before, *middle, after = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert any(tool in line and "--output-file requirements.lock" in line for line in middle)
    assert "--constraint" not in before
    assert "--constraint requirements.lock --editable" in after


@needs_tensorflow
@pytest.mark.medium
def test_the_workers_of_the_manifest_find_each_other(tmp_path: Path) -> None:
    """The variables are read by the project's own code."""
    project = render({"package": "net", "kits": ["deploy", "distribute", "gpus"]}, tmp_path / "net")
    pod = documents(project)["Job"]["spec"]["template"]["spec"]
    variables = {entry["name"]: entry["value"] for entry in pod["containers"][0]["env"]}
    program = "import os; from net.kits.distribute.cluster import find; print(find(os.environ))"
    done = run(
        [sys.executable, "-c", program],
        project.path,
        check=True,
        PYTHONPATH=str(project.path / "src"),
        JOB_COMPLETION_INDEX="1",
        **variables,
    )
    (port,) = documents(project)["Service"]["spec"]["ports"]
    for number in range(2):
        assert f"'train-net-{number}.train-net:{port['port']}'" in done.stdout
    assert "index=1" in done.stdout


@posix
@pytest.mark.medium
@pytest.mark.parametrize("fault", ["unquoted", "root", "unknown"])
def test_the_linters_are_awake(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each finds a fault of its kind."""
    project = render({"package": "net", "kits": ["deploy"]}, tmp_path / "net")
    spoilt: dict[str, tuple[str, str, str, list[str]]] = {
        "unquoted": ("train.sbatch", '"$SLURM_JOB_ID"', "$SLURM_JOB_ID", ["shellcheck"]),
        "root": ("Dockerfile", "USER 1000:1000", "USER root", ["hadolint"]),
        "unknown": ("job.yaml", "backoffLimit", "backofLimit", ["kubernetes-validate", "--strict"]),
    }
    name, old, new, command = spoilt[fault]
    file = project.path / "deploy" / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionError):
        lint(project, *command, name)
