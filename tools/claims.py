"""Test every claim, and if all hold write docs/claims.md; `--check` only compares the page.

The page is made from the decorators and docstrings in tests/claims, which are read, not run.
"""

import ast
import datetime
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "claims.md"
FOLDER = ROOT / "tests" / "claims"
SUBJECTS = {
    "freezing": "Freezing",
    "recompiling": "Compiling, and what comes after",
    "flags": "The flag, and loops that set it",
    "batch_norm": "BatchNorm and what else moves",
    "optimizers": "Optimizers and held filters",
    "saving": "Files and resuming",
    "networks": "Networks",
    "data": "Data",
    "cookiecutter": "cookiecutter",
}
LIBRARIES = ("keras", "tensorflow", "cookiecutter")
MEASURED = re.compile(r"(?m)^Measured: .*$")
INTRODUCTION = """# Claims

What this project is built on, and what the three documents that it grew from say of freezing, one
sentence at a time. Each is a test against the installed libraries, in `tests/claims/`; when a new
release changes one, the failing test names it. This page is generated from the tests by
`make claims`, which writes it only when all of them hold.

{measured}

{verdicts}

The seeds: 1 is *How can Keras/Tensorflow models be trained using frozen weights?*, 2 *Freezing and
unfreezing layers in TensorFlow*, 3 *How can I freeze certain filters in a pre-trained TensorFlow
model?* Claims without a seed are our own measurements.
"""
REST = """
## Not here

- Opinions and advice of the seeds: that early layers are general and late ones particular, how many
  layers to freeze, when freezing generalises better. They depend on the data; `compare` measures
  them on yours.
- Speed. BENCHMARKS.md has the figures, as ratios within one run.
- What takes minutes: killed and resumed runs (`tests/test_kill.py`), every network's layers and
  blocks (`tests/test_catalogue.py`), stored outputs on real networks (`tests/test_engine.py`).
- Several GPUs or machines, on which the product does not rest.
"""


def claims(file: Path) -> list[dict[str, str]]:
    """The claims that a file of tests holds, in its order."""
    found = []
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_")):
            continue
        calls = [d for d in node.decorator_list if isinstance(d, ast.Call)]
        said = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "claim"]
        if len(said) != 1:
            sys.exit(f"{file.name}: {node.name} must have one claim")
        number, text, verdict, *source = (ast.literal_eval(part) for part in said[0].args)
        found.append(
            {
                "number": number,
                "text": text,
                "verdict": verdict,
                "source": source[0] if source else "measured",
                "now": ast.get_docstring(node) or sys.exit(f"{node.name} does not say what holds"),
            }
        )
    return found


def verdicts() -> dict[str, str]:
    """The verdicts and their meaning, from the tests' own table."""
    tree = ast.parse((FOLDER / "registry.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VERDICTS":
            return ast.literal_eval(node.value)
    sys.exit("tests/claims/registry.py has no VERDICTS")


def page(measured: str) -> str:
    """The whole page; `measured` is the line with the date and the versions."""
    tables, numbers, counts = [], [], dict.fromkeys(verdicts(), 0)
    missing = {file.stem.removeprefix("test_") for file in FOLDER.glob("test_*.py")}
    if missing != set(SUBJECTS):
        sys.exit(f"SUBJECTS and tests/claims differ: {missing ^ set(SUBJECTS)}")
    for subject, title in SUBJECTS.items():
        rows = claims(FOLDER / f"test_{subject}.py")
        lines = [f"\n## {title}\n", "| | claim | from | verdict | what holds |", "|" + " --- |" * 5]
        for row in rows:
            counts[row["verdict"]] += 1
            numbers.append(row["number"])
            lines.append("| " + " | ".join(_cell(text) for text in _columns(row)) + " |")
        tables.append("\n".join(lines))
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        sys.exit(f"these numbers are given twice: {', '.join(twice)}")
    kinds = [f"- {counts[name]} {name}: {text}." for name, text in verdicts().items()]
    head = INTRODUCTION.format(measured=measured, verdicts="\n".join(kinds))
    return head + "\n".join(tables) + "\n" + REST


def _columns(row: dict[str, str]) -> list[str]:
    return [row["number"], row["text"], row["source"], row["verdict"], row["now"]]


def _cell(text: str) -> str:
    """The text, escaped for Markdown except between backticks."""
    parts = " ".join(text.split()).split("`")
    parts[::2] = [re.sub(r"([|*_<{])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def measure() -> str:
    """Run the tests; returns the line for the page, or exits."""
    begin = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-m", "", "-p", "no:xdist", FOLDER]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        sys.exit("not every claim holds, so docs/claims.md is left as it is")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    seconds = time.monotonic() - begin
    return f"Measured: {datetime.date.today()} with {versions}; all of them in {seconds:.0f} s."


def main() -> None:
    """Write the page, or with `--check` compare it."""
    if sys.argv[1:] == ["--check"]:
        now = PAGE.read_text(encoding="utf-8")
        found = MEASURED.search(now)
        if found is None or now != page(found.group()):
            sys.exit("docs/claims.md is not what tests/claims say: make claims")
    else:
        PAGE.write_text(page(measure()), encoding="utf-8")


if __name__ == "__main__":
    main()
