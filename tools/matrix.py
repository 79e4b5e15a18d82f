"""Run the tests that render, test and train projects, and write docs/matrix.md from their report.

Which test files run may be given; the page says only what ran and passed.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "build" / "matrix.xml"
TITLES = {
    "test_matrix": "Rendered: the whole product and every pair",
    "test_static": "Rendered: text, code and branches",
    "test_breaks": "Broken on purpose: which quick check sees it",
    "test_projects": "Tested: projects that passed their own tests",
    "test_tasks": "Trained: each task on its sample",
    "test_seeds": "Trained: the programs of the seeds, a step in every stage",
}
HEAD = """# Matrix

Which combinations of answers were rendered, tested and trained: what the tests found, not what we
hope. Written by `make matrix`; a test that fails leaves the page as it was.

{date}, {system}, {cores} cores, Python {python}, {versions}.
"""


def versions() -> str:
    """The packages that decide what happens."""
    names = ("tensorflow", "keras", "cookiecutter", "ruff", "mypy")
    return ", ".join(f"{name} {metadata.version(name)}" for name in names)


def sections(report: Path) -> Iterator[str]:
    """A section for each test file that ran."""
    cases = list(ElementTree.parse(report).iter("testcase"))
    for file, title in TITLES.items():
        own = [case for case in cases if case.get("classname", "").split(".")[-1] == file]
        own = [case for case in own if case.find("skipped") is None]
        if own:
            yield f"\n## {title}\n\n{len(own)} tests, all passed.\n\n" + "".join(_figures(own))
            rows = sorted(_row(case) for case in own)
            yield "\n".join(["| test | case | seconds |", "| --- | --- | ---: |", *rows]) + "\n"


def _figures(cases: list[ElementTree.Element]) -> Iterator[str]:
    """What tests recorded of themselves, as a list."""
    for kind in ("figures", "refused"):
        for case in cases:
            for found in case.iter("property"):
                if found.get("name") == kind:
                    word = "refused " if kind == "refused" else ""
                    yield f"- {word}{found.get('value')}\n"
    yield "\n"


def _row(case: ElementTree.Element) -> str:
    name, _, parameters = str(case.get("name")).partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    cell = re.sub(r"([|*_<])", r"\\\1", parameters.removesuffix("]"))
    return f"| {words} | {cell} | {float(case.get('time', 0)):.1f} |"


def main() -> None:
    """Run, and write the page if all passed."""
    REPORT.parent.mkdir(exist_ok=True)
    chosen = sys.argv[1:] or [f"tests/{name}.py" for name in TITLES]
    pytest = [sys.executable, "-m", "pytest", "-q", "-m", "", "-o", "junit_family=xunit1"]
    if subprocess.run([*pytest, f"--junitxml={REPORT}", *chosen], cwd=ROOT).returncode != 0:
        sys.exit("a test has failed, so docs/matrix.md is left as it is")
    head = HEAD.format(
        date=datetime.date.today(),
        system=platform.system(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        versions=versions(),
    )
    page = re.sub(r"\n{3,}", "\n\n", head + "".join(sections(REPORT)))
    (ROOT / "docs" / "matrix.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
