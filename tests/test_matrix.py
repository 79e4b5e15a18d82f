"""The space of answers: the whole product of the three questions, and every pair of all answers.

Each combination renders cleanly or is refused with a sentence; docs/matrix.md has the counts.
"""

from __future__ import annotations

import ast
import itertools
import re
import shutil
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from frostline.backbones import catalogue
from frostline.errors import UserError
from pairs import KITS, Pair, answers_of, pairs, refused, rows, wanted
from support import STRATEGIES, Answers, Project, copied_as_h5, render, run, strategy, text_files
from test_static import TOOLS, lacking, problems

Record = Callable[[str, object], None]


class Look:
    """Checks projects, each file content once, and counts."""

    def __init__(self, model: Path) -> None:
        self.model = model
        copied_as_h5(model, model.with_name("own.h5"))
        model.with_name("own.weights.h5").touch()
        self.files: set[tuple[str, str]] = set()
        self.code: dict[str, Path] = {}
        self.rendered = 0
        self.refused: Counter[str] = Counter()

    def __call__(self, answers: Answers, where: Path) -> bool:
        """Render and look; False if it was refused, as it should be: with one sentence."""
        if answers["backbone"] == "custom" and "weights" not in answers:
            answers = {**answers, "weights": str(self.model)}
        if answers.get("weights") == "a file":
            own = "own.h5" if answers["backbone"] == "custom" else "own.weights.h5"
            answers = {**answers, "weights": str(self.model.with_name(own))}
        try:
            project = render({"package": "demo", **answers}, where)
        except UserError as problem:
            sentence = str(problem)
            assert sentence
            assert "\n" not in sentence
            assert not where.exists()
            sentence = re.sub(r"^.*answers\.toml, line \d+: ", "", sentence)
            sentence = sentence.replace(str(self.model), self.model.name)
            self.refused[sentence.replace(answers["backbone"], "BACKBONE")] += 1
            return False
        self.rendered += 1
        for path in text_files(project.path):
            name = path.relative_to(project.path).as_posix()
            text = path.read_bytes().decode("utf-8")
            if (name, text) not in self.files:
                self.files.add((name, text))
                assert problems(text, name) == [], f"{answers}: {name}"
                parse(path, text, project)
        assert lacking(project) == [], answers
        return True

    def keep_new_code(self, project: Path, folder: Path) -> None:
        """Keep the project if no other has had the same Python files."""
        files = sorted(project.rglob("*.py"))
        code = repr([(path.relative_to(project).as_posix(), path.read_text()) for path in files])
        if code in self.code:
            shutil.rmtree(project)
        else:
            self.code[code] = project.rename(folder / f"p{len(self.code)}")


def parse(path: Path, text: str, project: Project) -> None:
    """What each kind of file must be."""
    if path.suffix == ".py":
        ast.parse(text)
    if path.suffix == ".toml":
        tomllib.loads(text)
    if path.suffix in (".yml", ".yaml"):
        assert all(isinstance(part, dict) for part in yaml.safe_load_all(text))
    if path.suffix == ".md":
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (path.parent / target).exists(), f"{path.name} points to {target}"


def told(name: str, look: Look, begin: float, record: Record, **more: int) -> None:
    """Show the counts; tools/matrix.py reads them, and the sentences, from pytest's report."""
    seconds = round(time.monotonic() - begin)
    found = {"rendered": look.rendered, "refused": sum(look.refused.values()), **more}
    said = ", ".join(f"{number} {what}" for what, number in found.items())
    record("figures", f"{name}: {said}; {seconds} s")
    for sentence, count in look.refused.most_common():
        record("refused", f"{count} x {sentence}")


@pytest.mark.slow
def test_every_backbone_task_and_strategy(
    model: Path, tmp_path: Path, record_property: Record
) -> None:
    """Each distinct set of Python files goes once through linter, formatter and type checker."""
    begin, look = time.monotonic(), Look(model)
    (tmp_path / "kept").mkdir()
    for backbone in catalogue.names():
        normless = backbone != "custom" and not catalogue.backbone(backbone).norm_layers
        for task, freeze in itertools.product(SOURCES, STRATEGIES):
            made = look({**strategy(freeze, backbone), "task": task}, tmp_path / "demo")
            assert made or (freeze == "norm" and normless), f"{backbone} {task} {freeze}"
            if made:
                look.keep_new_code(tmp_path / "demo", tmp_path / "kept")
    for project in look.code.values():
        for tool in TOOLS:
            run([sys.executable, "-m", *tool], project, check=True)
    found = {"distinct files": len(look.files), "distinct sets of Python files": len(look.code)}
    told("backbones x tasks x strategies", look, begin, record_property, **found)


def kinds_of_backbones() -> list[str]:
    """One of each kind that the template treats in another way."""
    kinds: dict[object, str] = {}
    for name in catalogue.names():
        found = catalogue.backbone(name)
        kind = (found.module, found.preprocessing, tuple(found.norm_kinds), found.weights)
        kinds.setdefault(kind, name)
    return list(kinds.values())


PARAMETERS: dict[str, list[Any]] = {
    "backbone": kinds_of_backbones(),
    "task": list(SOURCES),
    "data": list(BY_KEY["data"].choices),
    "freeze": list(STRATEGIES),
    "batch_norm": [None, *BY_KEY["batch_norm"].choices],
    "precision": list(BY_KEY["precision"].choices),
    "names": [None, "classes", "outputs"],
    "sample_data": [None, False],
    "unfreeze_blocks": [None, 2, "all"],
    "weights": [None, "none", "a file"],
    "allow_random": [None, True],
    "head": [None, "keep"],
    "image_size": [None, 96],
    "author": [None, 'Ada "the" O\'Neil'],
    "ci": list(BY_KEY["ci"].choices),
    "license": list(BY_KEY["license"].choices),
    **{kit: [False, True] for kit in KITS},
}


def test_every_pair_of_answers(model: Path, tmp_path: Path, record_property: Record) -> None:
    """A covering array of all questions; each pair that the rules allow is in a project."""
    begin, look = time.monotonic(), Look(model)
    seen: set[Pair] = set()
    for row in refused(PARAMETERS):
        assert not look(answers_of(row), tmp_path / "demo"), f"{row} is not refused"
    for row in rows(PARAMETERS):
        assert look(answers_of(row), tmp_path / "demo"), f"{row} {look.refused}"
        shutil.rmtree(tmp_path / "demo")
        seen.update(pairs(row))
    missing = wanted(PARAMETERS).keys() - seen
    assert not missing, f"{len(missing)} pairs are in no project: {list(missing)[:5]}"
    found = {"pairs of answers": len(wanted(PARAMETERS)), "distinct files": len(look.files)}
    told("pairs", look, begin, record_property, **found)
