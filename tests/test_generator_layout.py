"""The rooms of the generator: imports go one way, and a file stays small and free of TensorFlow."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import ROOT

PACKAGE = ROOT / "generator" / "frostline"
FLOORS = (  # a file imports from its own room, and from lower floors
    {"errors", "names", "tables", "template", ""},  # "" is the package itself, with its version
    {"backbones"},
    {"answers"},
    {"asking", "looking", "rendering"},
    {"cli", "commands", "new", "__main__"},
)
ROOMS = {"backbones", "answers", "asking", "looking", "rendering"}
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
HEAVY = {"tensorflow", "keras"}
LONGEST = 200


@dataclass(frozen=True)
class Import:
    """One imported module, with the module and the line that import it."""

    source: str
    place: str
    target: str


def top(module: str) -> str:
    """The room or ground-floor file of `frostline.answers.rules.kits`."""
    return module.removeprefix("frostline").strip(".").partition(".")[0]


def module_of(path: Path, package: Path) -> str:
    parts = ("frostline", *path.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(package: Path) -> Iterator[Import]:
    """Every import in the package, those inside functions included."""
    files = {module_of(path, package): path for path in sorted(package.rglob("*.py"))}
    for module, path in files.items():
        parents = (module if path.name == "__init__.py" else module.rpartition(".")[0]).split(".")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = parents[: len(parents) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                names = [f"{base}.{alias.name}" for alias in node.names]
                targets = [name if name in files else base for name in names]
            else:
                continue
            place = f"{path.relative_to(package).as_posix()}:{node.lineno}"
            yield from (Import(module, place, target) for target in dict.fromkeys(targets))


def own(package: Path) -> list[Import]:
    return [each for each in imports(package) if each.target.partition(".")[0] == "frostline"]


def upwards(package: Path) -> Iterator[str]:
    for each in own(package):
        source, target = top(each.source), top(each.target)
        if not {source, target} <= FLOOR.keys():
            yield f"{each.place}: {source} or {target} is on no floor"
        elif FLOOR[source] < FLOOR[target]:
            yield f"{each.place}: {source} is below {target}"
        elif FLOOR[source] == FLOOR[target] and source != target and {source, target} & ROOMS:
            yield f"{each.place}: {source} and {target} do not know each other"


def circles(package: Path) -> Iterator[str]:
    targets: dict[str, set[str]] = {}
    for each in own(package):
        targets.setdefault(each.source, set()).add(each.target)

    def reached(module: str) -> set[str]:
        found: set[str] = set()
        waiting = [module]
        while waiting:
            news = targets.get(waiting.pop(), set()) - found
            found |= news
            waiting += news
        return found

    for each in own(package):
        if each.source in reached(each.target) | {each.target}:
            yield f"{each.place}: {each.target} imports {each.source} in turn"


def code_in_signs(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*/__init__.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = path.relative_to(package).as_posix()
        if ast.get_docstring(tree) is None:
            yield f"{name}:1: has no docstring"
        yield from (f"{name}:{node.lineno}: holds code" for node in tree.body[1:])


def long_files(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > LONGEST:
            yield f"{path.relative_to(package).as_posix()}:{LONGEST + 1}: has {count} lines"


def heavy_imports(package: Path) -> Iterator[str]:
    for each in imports(package):
        if each.target.partition(".")[0] in HEAVY:
            yield f"{each.place}: imports {each.target}"


RULES: dict[str, Callable[[Path], Iterator[str]]] = {
    "imports go down": upwards,
    "no circles": circles,
    "signs hold no code": code_in_signs,
    "files are short": long_files,
    "no TensorFlow": heavy_imports,
}
BREAKS = {
    "a lower room": ("imports go down", "backbones/show.py", "import frostline.answers.checks"),
    "the ground floor": ("imports go down", "errors.py", "from frostline.backbones import show"),
    "a room beside": (
        "imports go down",
        "asking/prompts.py",
        "def f():\n    from frostline.rendering import plan",
    ),
    "a new file": ("imports go down", "extra.py", "from frostline.errors import UserError"),
    "two files": (
        "no circles",
        "backbones/selectors.py",
        "def f():\n    from .layers import select",
    ),
    "a chain": ("no circles", "answers/question.py", "from frostline.answers import resolve"),
    "a sign": ("signs hold no code", "answers/rules/__init__.py", "RULES = {}"),
    "a long file": ("files are short", "cli.py", "\n" * LONGEST),
    "TensorFlow": ("no TensorFlow", "new.py", "def f():\n    import keras.layers"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_holds(rule: str) -> None:
    broken = list(RULES[rule](PACKAGE))
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_rule_names_the_file_and_the_line(case: str, tmp_path: Path) -> None:
    rule, name, code = BREAKS[case]
    package = tmp_path / "frostline"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    file = package / name
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{before}{code}\n", encoding="utf-8")
    line = LONGEST + 1 if rule == "files are short" else len(file.read_text().splitlines())
    assert any(said.startswith(f"{name}:{line}: ") for said in RULES[rule](package))
