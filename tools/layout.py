"""How the package of a rendered project is laid out: `python tools/layout.py PROJECT [PROJECT...]`.

Prints a Markdown table with a column for each project; tests/test_layout.py holds the rules. The
flat layout from before there were rooms can be measured as well (flat_layout.toml).
"""

from __future__ import annotations

import ast
import functools
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

# A room imports itself and what stands further right; rooms of one step do not know each other.
# Each kit is a room of its own.
DIRECTION = (
    "cli, kits > results > training > freezing, data > model, hooks > examples, config > errors"
)
STEPS = {r: n for n, step in enumerate(DIRECTION.split(" > ")) for r in step.split(", ")}
STRANGERS = {("data", "model")}
KIT_TO_KIT = {
    "distribute": ("gpus", "cache"),
    "report": ("_page", "_probe"),
    "check_data": ("_page",),
    "compare": ("_probe",),
    "_probe": ("_linear",),
}
# What one reads in a sitting, in this order.
SPINE = (
    "training.schedule", "freezing.freezer", "freezing.audit", "training.optimizer",
    "model.network", "model.backbone", "model.head", "data.batches", "data.image",
)  # fmt: skip
FLAT = tomllib.loads(Path(__file__).with_name("flat_layout.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Module:
    """A Python file of the package."""

    name: str  # dotted, in the package: "data.load"; "" for the package's own __init__
    file: str  # in the project
    room: str  # "data", "kits/cache"; a file at the top is a room too
    text: str
    imports: tuple[tuple[str, int], ...]  # modules of the package, each with its line

    @property
    def tree(self) -> ast.Module:
        return parsed(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def is_sign(self) -> bool:
        """Whether it only points elsewhere: an __init__ without code; __main__, which calls cli."""
        if self.file.endswith("__init__.py"):
            return len(self.tree.body) == (ast.get_docstring(self.tree) is not None)
        return self.name == "__main__"


@functools.cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def package(project: Path) -> Path:
    """The folder of the project's one package."""
    (folder,) = (path for path in (project / "src").iterdir() if path.is_dir())
    return folder


def read(project: Path) -> dict[str, Module]:
    """The modules of the package, each under its dotted name in it."""
    folder = package(project)
    files = {dotted(path.relative_to(folder)): path for path in sorted(folder.rglob("*.py"))}
    rooms = {} if "hooks" in files else {m: r for r, names in FLAT["rooms"].items() for m in names}
    found = {}
    for name, path in files.items():
        text = path.read_text(encoding="utf-8")
        imports = set()
        for names, line in imported(text, path.relative_to(folder.parent).parent.parts):
            own = [one.partition(".") for one in names]
            inside = {rest for top, _, rest in own if top == folder.name and rest in files} - {""}
            imports |= {(max(inside, key=len), line)} if inside else set()
        by_line = tuple(sorted(imports, key=lambda name_and_line: name_and_line[1]))
        room = rooms.get(name) or room_of(name)
        found[name] = Module(name, path.relative_to(project).as_posix(), room, text, by_line)
    return found


def dotted(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Where a module is in the layout with rooms; __main__ only starts the command line."""
    parts = module.replace("__main__", "cli").split(".")
    return "/".join(parts[:2]) if parts[0] == "kits" else parts[0]


@functools.cache
def imported(text: str, package: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    """What code of this package imports, wherever in the file: dotted names, with the line.

    `from a import b` names `a` and `a.b`: whoever asks knows whether `b` is a module.
    """
    found: list[tuple[tuple[str, ...], int]] = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            found += [((alias.name,), alias.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += [((base, f"{base}.{alias.name}"), alias.lineno) for alias in node.names]
    return found


def may_import(room: str, other: str) -> bool:
    """Whether the direction allows it."""
    (above, _, kit), (below, _, other_kit) = room.partition("/"), other.partition("/")
    if room == other or (above == below == "kits" and other_kit in KIT_TO_KIT.get(kit, ())):
        return True
    known = {above, below} <= STEPS.keys() and (above, below) not in STRANGERS
    return known and STEPS[above] < STEPS[below]


def upward(modules: dict[str, Module]) -> Iterator[tuple[Module, int, Module]]:
    """Imports that the direction forbids, each with its line."""
    for module in modules.values():
        for name, line in module.imports:
            if not may_import(module.room, modules[name].room):
                yield module, line, modules[name]


def circles(modules: dict[str, Module]) -> tuple[list[list[str]], dict[str, list[str]]]:
    """Circles of imports, and who imports whom once each circle is cut in one place."""
    graph = {m.name: sorted({name for name, _ in m.imports}) for m in modules.values()}
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
            return found, graph
        except CycleError as error:
            circle = error.args[1][::-1]  # each imports the next
            found.append(circle)
            graph[circle[0]].remove(circle[1])


def floors(modules: dict[str, Module]) -> int:
    """How many modules the longest chain of imports has."""
    _, graph = circles({name: m for name, m in modules.items() if not m.is_sign})
    height: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        height[name] = 1 + max((height[other] for other in graph.get(name, ())), default=0)
    return max(height.values())


def lines(modules: Iterable[Module]) -> int:
    return sum(module.lines for module in modules)


def entries(project: Path) -> list[str]:
    """What lies at the top of the package, without dunder files and without kits/."""
    names = sorted(path.name for path in package(project).iterdir())
    return [name for name in names if not name.startswith("__") and name != "kits"]


def measure(project: Path) -> dict[str, str]:
    """The figures of one project, as text."""
    modules = read(project)
    code = [module for module in modules.values() if not module.is_sign]
    names = SPINE if "hooks" in modules else FLAT["spine"]
    spine = [modules[name] for name in names if name in modules]
    against = {(one.name, other.name) for one, _, other in upward(modules)}
    longest = max(code, key=lambda module: module.lines)
    return {
        "modules": f"{len(code)}",
        "signs (`__init__.py` without code, and `__main__.py`)": f"{len(modules) - len(code)}",
        "lines": f"{lines(modules.values()):,}",
        "floors (longest chain of imports)": f"{floors(modules)}",
        "imports against the direction": f"{len(against)}",
        "circles": f"{len(circles(modules)[0])}",
        "longest file": f"{longest.lines} (`{longest.name}`)",
        "spine": f"{lines(spine)} in {len(spine)} files",
        "entries at the top (without dunder files and `kits/`)": f"{len(entries(project))}",
    }


def table(projects: list[Path]) -> str:
    """Markdown: a row for each figure, a column for each project."""
    columns = [measure(project) for project in projects]
    rows = [["", *(project.resolve().name for project in projects)]]
    rows += [["---", *("---:" for _ in projects)]]
    rows += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    print(table([Path(name) for name in sys.argv[1:]]), end="")
