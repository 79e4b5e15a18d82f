"""Write docs/matrix.md from the report of a run of the tests: what was rendered, tested, trained.

`make test-all` writes the report. The page holds only what ran, and is written only if all of it
passed. Where a test was run again with a report of its own (`pytest
--junitxml=build/tests-again.xml`), the last result counts.
"""

import datetime
import os
import platform
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = "build/tests*.xml"
TITLES = {
    "test_matrix": "Rendered: the whole product and every pair",
    "test_static": "Rendered: text, code and branches",
    "test_breaks": "Broken on purpose: which quick check sees it",
    "test_dynamic": "Tested: every pair of answers in projects that pass their own tests",
    "test_environments": "Tested: in environments of their own, by the commands of their README",
    "test_mutants": "Tested: faults that a project's own tests catch",
    "test_tasks": "Trained: each task on its sample",
    "test_engine": "Trained: from images and from stored outputs, on real backbones",
    "test_seeds": "Trained: the programs of the seeds, a step in every stage",
}
SAID = {"figures": "{value}", "refused": "refused {value}", "ran": "{count} projects ran {value}"}
HEAD = """# Matrix

Which combinations of answers were rendered, tested and trained: what the tests found, not what we
hope. Written by `make matrix`, after every test there is has passed.

{date}, {system}, {cores} cores, Python {python}, {versions}.
"""


def versions() -> str:
    """The versions of the packages that matter for the results."""
    names = ("tensorflow", "keras", "cookiecutter", "ruff", "mypy")
    return ", ".join(f"{name} {metadata.version(name)}" for name in names)


def sections(cases: list[ElementTree.Element]) -> Iterator[str]:
    """A section for each test file that ran."""
    for file, title in TITLES.items():
        own = [case for case in cases if case.get("classname", "").split(".")[-1] == file]
        if own:
            seconds = sum(float(case.get("time", 0)) for case in own)
            yield f"\n## {title}\n\n{len(own)} tests, all passed, {seconds:,.0f} s together.\n\n"
            yield "".join(f"- {line}\n" for line in _figures(own))
            rows = sorted(_row(case) for case in own)
            yield "\n".join(["\n| test | case | seconds |", "| --- | --- | ---: |", *rows]) + "\n"


def _figures(cases: list[ElementTree.Element]) -> Iterator[str]:
    """The properties that tests recorded; equal ones are counted."""
    for kind, words in SAID.items():
        found = [each for case in cases for each in case.iter("property")]
        values = Counter(str(each.get("value")) for each in found if each.get("name") == kind)
        for value, count in values.items():
            yield words.format(value=value, count=count)


def _row(case: ElementTree.Element) -> str:
    name, _, parameters = str(case.get("name")).partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    cell = re.sub(r"([|*_<])", r"\\\1", parameters.removesuffix("]"))
    return f"| {words} | {cell} | {float(case.get('time', 0)):.1f} |"


def main() -> None:
    """Write the page if all passed."""
    latest: dict[tuple[str | None, str | None], ElementTree.Element] = {}
    for report in sorted(ROOT.glob(REPORTS), key=lambda path: path.stat().st_mtime):
        for case in ElementTree.parse(report).iter("testcase"):
            latest[case.get("classname"), case.get("name")] = case
    cases = list(latest.values())
    bad = [case for case in cases if {part.tag for part in case} & {"failure", "error", "skipped"}]
    if not cases:
        sys.exit("there is no report of the tests yet; make test-all leaves one")
    if bad:
        sys.exit(f"{bad[0].get('name')} has not passed, so docs/matrix.md is left as it is")
    head = HEAD.format(
        date=datetime.date.today(),
        system=platform.system(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        versions=versions(),
    )
    page = re.sub(r"\n{3,}", "\n\n", head + "".join(sections(cases)))
    (ROOT / "docs" / "matrix.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
