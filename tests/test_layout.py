"""How each rendered package is laid out: which room may import which, what stands in one place
only, nothing that the answers do not need, and how much there is to read.

Each rule yields a sentence for each fault, which begins with the file and the line. The first tests
hold the rules over projects, the others show that each rule finds a fault.
"""

from __future__ import annotations

import ast
import functools
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from frostline.answers.questions import BY_KEY
from frostline.answers.rules.examples import SOURCES
from frostline.errors import UserError
from support import ROOT, Answers, covering, render

sys.path[:0] = [str(ROOT / "tools")]
from layout import (  # noqa: E402
    DIRECTION,
    SPINE,
    Module,
    circles,
    entries,
    imported,
    lines,
    measure,
    package,
    parsed,
    read,
    upward,
)

KITS = tuple(BY_KEY["kits"].choices)
# The most that there may be; __main__ is counted with the signs.
TEACHING = {"modules": 36, "signs": 6 + 1, "lines": 3300, "lines of the spine": 774}
FULL = {"lines": 8750}  # with every kit, except for mlflow
FILE_LINES = 175
LONGER = {
    "cli": 188,  # with masks to write
    "config": 205,  # with the keys of all kits, and the values in masks
    "data.layout": 190,  # every way in which people call splits
    "data.shards": 190,  # two formats and their index, in few projects
}
ENTRIES = 10

# Names that no code of the project mentions.
FOUND_BY_NAME = {
    "KIT",  # hooks.kits() takes it from each kit
    "main",  # the entry point in pyproject.toml
    "groups_in",  # data.files is the same for all sources; TFRecord needs neither
    "unpacked",
}
RUN_AS_SCRIPTS = {
    "kits.doctor.tensorflow_probe",  # in a process of its own, because TensorFlow may crash
}
NOT_READ = {
    "source",  # only checked: the code has the one source that was chosen
}
# Kits with a name that means nothing else; cache, filters or export are words of Keras as well.
TELLING = re.compile(r"\b(check[-_]data|find[-_]lr|doctor|mlflow)\b")
STANDARD_LIBRARY_ONLY = {
    "data.walk": (),
    "data.layout": ("data.walk",),
    "freezing.selectors": (),
    "kits.filters.ranges": ("freezing.selectors",),
}


@dataclass(frozen=True)
class Layout:
    """A rendered project as the rules look at it."""

    project: Path
    modules: dict[str, Module]
    tests: dict[str, str]  # the text of each file

    @property
    def src(self) -> str:
        return f"src/{package(self.project).name}"


def layout(project: Path) -> Layout:
    tests = sorted((project / "tests").rglob("*.py"))
    texts = {path.relative_to(project).as_posix(): path.read_text("utf-8") for path in tests}
    return Layout(project, read(project), texts)


Rule = Callable[[Layout], Iterator[str]]
FileRule = Callable[[Module], Iterator[tuple[int, str]]]


def of_each_file(rule: FileRule) -> Rule:
    """A rule that looks at one file at a time: what many projects have is looked at once."""
    found = functools.cache(lambda module: list(rule(module)))

    @functools.wraps(rule)
    def check(layout: Layout) -> Iterator[str]:
        for module in layout.modules.values():
            yield from (f"{module.file}:{line}: {fault}" for line, fault in found(module))

    return check


def is_core(module: Module) -> bool:
    return module.room.split("/")[0] != "kits"


def is_kit(module: Module) -> bool:
    """Whether it is the one that holds KIT."""
    return bool(re.fullmatch(r"src/\w+/kits/\w+/__init__\.py", module.file))


def imports(module: Module) -> list[tuple[tuple[str, ...], int]]:
    return imported(module.text, Path(module.file).parent.parts[1:])


def rooms_import_what_is_below(layout: Layout) -> Iterator[str]:
    for module, line, other in upward(layout.modules):
        yield f"{module.file}:{line}: {module.room} may not import {other.name}: {DIRECTION}"


def imports_have_no_circles(layout: Layout) -> Iterator[str]:
    for *around, _ in circles(layout.modules)[0]:
        start = around.index(min(around))
        circle = [*around[start:], *around[:start], around[start]]
        first = layout.modules[circle[0]]
        line = dict(first.imports)[circle[1]]
        yield f"{first.file}:{line}: a circle of imports: {' > '.join(circle)}"


@of_each_file
def signs_hold_no_code(module: Module) -> Iterator[tuple[int, str]]:
    """Except for a kit's, which holds KIT and the command."""
    if module.file.endswith("__init__.py") and not is_kit(module) and not module.is_sign:
        docstring = ast.get_docstring(module.tree) is not None
        yield module.tree.body[docstring].lineno, "a room's __init__ holds its docstring only"


@of_each_file
def only_hooks_knows_the_kits(module: Module) -> Iterator[tuple[int, str]]:
    if not is_core(module) or module.name == "hooks":
        return
    for names, line in imports(module):
        if any("kits" in name.split(".") for name in names) and not names[0].endswith(".hooks"):
            yield line, "only hooks imports kits"
    nodes = list(ast.walk(module.tree))
    called = {node.func for node in nodes if isinstance(node, ast.Call)}  # kits(), hooks.kits()
    for node in nodes:
        match node:
            case ast.Name(id="kits") | ast.Attribute(attr="kits"):
                known = node in called
            case ast.arg(arg="kits") | ast.keyword(arg="kits"):
                known = False
            case ast.FunctionDef(name="kits") | ast.ClassDef(name="kits"):
                known = False
            case ast.Constant(value=str(text)):
                known = not re.search(r"\bkits[./]\w", text)
            case _:
                known = True
        if not known:
            yield node.lineno, "only hooks speaks of kits; others call kits()"
    for number, text in enumerate(module.text.splitlines(), 1):
        # config has the tables of the kits that are there, and no others: each_setting_is_read.
        if module.name != "config" and (name := TELLING.search(text)):
            yield number, f"the core does not know the kit {name[0]}"


@of_each_file
def some_need_the_standard_library_only(module: Module) -> Iterator[tuple[int, str]]:
    own = Path(module.file).parts[1]
    allowed = {f"{own}.{name}" for name in STANDARD_LIBRARY_ONLY.get(module.name, ())}
    for names, line in imports(module) if module.name in STANDARD_LIBRARY_ONLY else ():
        if names[0].split(".")[0] not in sys.stdlib_module_names and not allowed & {*names}:
            yield line, f"imports {names[0]}, which is not in the standard library"


@of_each_file
def only_the_freezer_sets_trainable(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree) if module.name != "freezing.freezer" else ():
        match node:
            case ast.Attribute(attr="trainable", ctx=ast.Store()):
                found = True
            case ast.Call(func=setter, args=[*_, ast.Constant(value="trainable"), _]):
                found = "setattr" in ast.unparse(setter)
            case _:
                found = False
        if found:
            yield node.lineno, "only freezing.freezer sets `trainable`"


@of_each_file
def only_the_schedule_compiles(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree) if module.name != "training.schedule" else ():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                pass
            case ast.Call(func=ast.Attribute(attr="compile")):
                yield node.lineno, "only training.schedule compiles"


def each_module_is_imported(layout: Layout) -> Iterator[str]:
    """From the command line or from a kit, in however many steps."""
    modules = layout.modules
    reached = {name for name, module in modules.items() if module.is_sign or is_kit(module)}
    reached |= {"cli", *RUN_AS_SCRIPTS} & modules.keys()
    todo = [*reached]
    while todo:
        new = {name for name, _ in modules[todo.pop()].imports} - reached
        reached |= new
        todo += new
    for name in sorted(modules.keys() - reached):
        yield f"{modules[name].file}:1: neither the command line nor a kit needs this module"


@functools.cache
def definitions(text: str) -> list[tuple[str, int]]:
    """Functions, classes and constants of a module that it does not use itself."""
    found, used = [], set()
    for part in parsed(text).body:
        match part:
            case ast.FunctionDef() | ast.ClassDef():
                is_command = any(".command(" in ast.unparse(by) for by in part.decorator_list)
                own = [] if is_command else [part.name]
            case ast.Assign(targets=names):
                own = [node.id for name in names for node in ast.walk(name) if is_stored(node)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                own = [name]
            case _:
                own = []
        found += [(name, part.lineno) for name in own if not name.startswith("__")]
        nodes = (node for node in ast.walk(part) if isinstance(node, ast.Name))
        used |= {node.id for node in nodes if isinstance(node.ctx, ast.Load)} - {*own}
    return [(name, line) for name, line in found if name not in used | FOUND_BY_NAME]


def is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


@functools.cache
def attributes(text: str) -> set[str]:
    return {node.attr for node in ast.walk(parsed(text)) if isinstance(node, ast.Attribute)}


@functools.cache
def mentioned(text: str, folder: tuple[str, ...]) -> set[str]:
    """Dotted names that a file imports, and those that it may reach through what it imports."""
    names = {name for names, _ in imported(text, folder) for name in names}
    return names | {f"{name}.{attribute}" for name in names for attribute in attributes(text)}


def unused(layout: Layout, files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Functions, classes and constants that none of the files mentions, each with its place."""
    own = package(layout.project).name
    found = (mentioned(text, Path(file).parent.parts[1:]) for file, text in files.items())
    used = set().union(*found)
    for module in layout.modules.values():
        for name, line in definitions(module.text):
            if f"{own}.{module.name}.{name}" not in used:
                yield f"{module.file}:{line}", name


def each_name_is_used(layout: Layout) -> Iterator[str]:
    package = {module.file: module.text for module in layout.modules.values()}
    for place, name in unused(layout, package | layout.tests):
        yield f"{place}: nothing uses {name}"


def no_name_is_for_tests_only(layout: Layout) -> Iterator[str]:
    """Such as what serves one kit, in a project without it."""
    package = {module.file: module.text for module in layout.modules.values()}
    anywhere = {*unused(layout, package | layout.tests)}
    for place, name in unused(layout, package):
        if (place, name) not in anywhere:
            yield f"{place}: nothing but tests uses {name}"


def each_setting_is_read(layout: Layout) -> Iterator[str]:
    """Or config would hold the table of a kit that is not there."""
    config = layout.modules["config"]
    others = (module for module in layout.modules.values() if module != config)
    used = {name for module in others for name in attributes(module.text)} | NOT_READ
    for table in config.tree.body:
        for key in table.body if isinstance(table, ast.ClassDef) else ():
            if isinstance(key, ast.AnnAssign) and key.target.id not in used:
                yield f"{config.file}:{key.lineno}: nothing reads {table.name}.{key.target.id}"


def each_test_has_its_file(layout: Layout) -> Iterator[str]:
    files = {module.file for module in layout.modules.values()}
    for file in layout.tests:
        *folders, name = Path(file).with_suffix("").parts[1:]
        if folders[:1] == ["helpers"] or name == "conftest":
            continue
        tested = name.removeprefix("test_")
        room = "/".join([layout.src, *folders])
        likely = {f"{room}/{tested}.py", f"{room}/_{tested}.py"}
        if folders == ["kits", tested]:
            likely.add(f"{room}/__init__.py")
        if tested == name:
            yield f"{file}:1: is no test: what tests share is in tests/helpers"
        elif not likely & files:
            yield f"{file}:1: there is no {room}/{tested}.py to test"


def core_files_are_short(layout: Layout) -> Iterator[str]:
    for module in filter(is_core, layout.modules.values()):
        most = LONGER.get(module.name, FILE_LINES)
        if module.lines > most:
            yield f"{module.file}:{module.lines}: has {module.lines} lines; at most {most}"


def few_entries_at_the_top(layout: Layout) -> Iterator[str]:
    found = entries(layout.project)
    if len(found) > ENTRIES:
        yield f"{layout.src}: has {len(found)} entries; at most {ENTRIES}: {', '.join(found)}"


RULES: tuple[Rule, ...] = (
    rooms_import_what_is_below,
    imports_have_no_circles,
    signs_hold_no_code,
    only_hooks_knows_the_kits,
    some_need_the_standard_library_only,
    only_the_freezer_sets_trainable,
    only_the_schedule_compiles,
    each_module_is_imported,
    each_name_is_used,
    no_name_is_for_tests_only,
    each_setting_is_read,
    each_test_has_its_file,
    core_files_are_short,
    few_entries_at_the_top,
)
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


def projects(model: Path) -> Iterator[Answers]:
    """Every branch of the template; no kit, each alone and all; every task with every source."""
    yield from covering(model)
    for kits in ([], list(KITS)):
        yield {"backbone": "custom", "weights": str(model), "kits": kits}
        yield from ({"task": t, "data": s, "kits": kits} for t in SOURCES for s in SOURCES[t])
    yield from ({"kits": [kit]} for kit in KITS)


@pytest.fixture(scope="module")
def distinct(model: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Layout, Answers]]:
    """Projects that differ in their Python files; the package has one name in all of them."""
    folder = tmp_path_factory.mktemp("layouts")
    found: dict[object, tuple[Layout, Answers]] = {}
    for number, answers in enumerate(projects(model)):
        try:
            each = layout(render({"package": "demo", **answers}, folder / f"p{number}").path)
        except UserError:  # a kit may need another
            continue
        texts = [(module.file, module.text) for module in each.modules.values()]
        found.setdefault((*texts, *each.tests.items()), (each, answers))
    assert len(found) > len(KITS)
    return list(found.values())


@by_rule
def test_each_distinct_project(rule: Rule, distinct: list[tuple[Layout, Answers]]) -> None:
    faults: dict[str, Answers] = {}
    for each, answers in distinct:
        for fault in rule(each):
            faults.setdefault(fault, answers)
    assert not faults, "\n".join(f"{fault}  (with {dict(of)})" for fault, of in faults.items())


def over_budget(layout: Layout, budget: dict[str, int]) -> Iterator[str]:
    modules = layout.modules
    spine = [modules[name] for name in SPINE if name in modules]
    signs = sum(module.is_sign for module in modules.values())
    found = {
        "modules": len(modules) - signs,
        "signs": signs,
        "lines": lines(modules.values()),
        "lines of the spine": lines(spine),
    }
    for name, most in budget.items():
        if found[name] > most:
            yield f"{layout.src}: {found[name]} {name}; at most {most}"
    yield from (f"{layout.src}: has no {name}" for name in SPINE if name not in modules)


@pytest.mark.parametrize(
    ("kits", "budget"),
    [
        pytest.param([], TEACHING, id="teaching size"),
        pytest.param([kit for kit in KITS if kit != "mlflow"], FULL, id="full size"),
    ],
)
def test_budget(kits: list[str], budget: dict[str, int], tmp_path: Path) -> None:
    each = layout(render({"package": "demo", "kits": kits}, tmp_path / "demo").path)
    assert list(over_budget(each, budget)) == []


# A package that keeps every rule, and faults in it.
SOUND = {
    "__init__.py": '"""A package."""\n',
    "__main__.py": "from .cli import main\n\nmain()\n",
    "cli.py": "import click\n\n\n@click.group()\ndef main() -> None:\n"
    "    from .training import schedule\n\n    schedule.train()\n",
    "config.py": "class Data:\n    source: str\n    size: int\n",
    "hooks.py": "from .config import Data\n\n\ndef kits() -> list[Data]:\n    return []\n",
    "data/__init__.py": '"""A room."""\n',
    "data/load.py": "from ..hooks import kits\n\nsizes = [kit.size for kit in kits()]\n",
    "training/__init__.py": "",
    "training/schedule.py": "from ..data import load\n\n\ndef train() -> None:\n"
    "    load.sizes.compile()\n",
    "kits/__init__.py": "",
    "kits/cache/__init__.py": "from ...data.load import sizes\n\nKIT = sizes\n",
    "../../tests/conftest.py": "from demo.training.schedule import Train\n",
    "../../tests/helpers/made.py": "",
    "../../tests/data/test_load.py": "",
    "../../tests/kits/cache/test_cache.py": "",
}
FAULTS: list[tuple[Rule, str, str, int]] = [  # the file that breaks the rule, its text, the line
    (rooms_import_what_is_below, "config.py", "\nfrom .hooks import kits\n", 2),
    (rooms_import_what_is_below, "data/load.py", "from ..training import schedule\n", 1),
    (rooms_import_what_is_below, "data/load.py", "import demo.training.schedule\n", 1),
    (rooms_import_what_is_below, "data/load.py", "def f():\n    from .. import cli\n", 2),
    (rooms_import_what_is_below, "data/load.py", "if TYPE_CHECKING:\n    import demo.cli\n", 2),
    (rooms_import_what_is_below, "model/head.py", "from ..data.load import sizes\n", 1),
    (rooms_import_what_is_below, "model/head.py", "from ..hooks import kits\n", 1),
    (rooms_import_what_is_below, "cli.py", "from .kits import cache\n", 1),
    (rooms_import_what_is_below, "kits/gpus/__init__.py", "from ...cli import main\n", 1),
    (rooms_import_what_is_below, "kits/gpus/__init__.py", "from ..cache import KIT\n", 1),
    (rooms_import_what_is_below, "elsewhere/new.py", "from ..config import Data\n", 1),
    (imports_have_no_circles, "config.py", "from .hooks import kits\n", 1),
    (signs_hold_no_code, "__init__.py", '"""A package."""\n\nVERSION = 1\n', 3),
    (signs_hold_no_code, "data/__init__.py", "from .load import sizes\n", 1),
    (signs_hold_no_code, "kits/__init__.py", "import click\n", 1),
    (only_hooks_knows_the_kits, "data/load.py", "from ..kits.cache import KIT\n", 1),
    (only_hooks_knows_the_kits, "data/load.py", "from ..hooks import kits\nlist(map(kits))\n", 2),
    (only_hooks_knows_the_kits, "data/load.py", "def f(kits):\n    return 0\n", 1),
    (only_hooks_knows_the_kits, "data/load.py", 'open("kits/cache")\n', 1),
    (only_hooks_knows_the_kits, "data/load.py", '\n"""See check-data."""\n', 2),
    (some_need_the_standard_library_only, "freezing/selectors.py", "import numpy.linalg\n", 1),
    (some_need_the_standard_library_only, "freezing/selectors.py", "from ..config import D\n", 1),
    (some_need_the_standard_library_only, "kits/filters/ranges.py", "from ...config import D\n", 1),
    (only_the_freezer_sets_trainable, "data/load.py", "a.b.trainable = c.trainable\n", 1),
    (only_the_freezer_sets_trainable, "data/load.py", "a, b.trainable = 1, 2\n", 1),
    (only_the_freezer_sets_trainable, "data/load.py", "a.trainable |= 1\n", 1),
    (only_the_freezer_sets_trainable, "data/load.py", '\nsetattr(a, "trainable", b)\n', 2),
    (only_the_schedule_compiles, "data/load.py", "re.compile(a)\nmodel.compile(b)\n", 2),
    (each_module_is_imported, "data/shards.py", "from . import masks\n", 1),
    (each_name_is_used, "data/load.py", "def sizes():\n    pass\n\n\ndef f():\n    f()\n", 5),
    (each_name_is_used, "data/load.py", "sizes = 1\nA, B = sizes, 2\nprint(A)\n", 2),
    (each_name_is_used, "training/schedule.py", "class Other:\n    pass\n", 1),
    (no_name_is_for_tests_only, "training/schedule.py", "\nclass Train:\n    pass\n", 2),
    (each_setting_is_read, "config.py", "class Data:\n    size: int\n    gpus: int\n", 3),
    (each_test_has_its_file, "../../tests/test_load.py", "", 1),
    (each_test_has_its_file, "../../tests/test_data.py", "", 1),
    (each_test_has_its_file, "../../tests/data/test_shards.py", "", 1),
    (each_test_has_its_file, "../../tests/kits/test_cache.py", "", 1),
    (each_test_has_its_file, "../../tests/data/made.py", "", 1),
    (core_files_are_short, "data/load.py", "\n" * (FILE_LINES + 1), FILE_LINES + 1),
]


def made(where: Path, files: dict[str, str]) -> Layout:
    for name, text in files.items():
        file = where / "src" / "demo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return layout(where)


@pytest.mark.parametrize(
    ("rule", "file", "text", "line"),
    [pytest.param(*fault, id=f"{fault[0].__name__}: {fault[1]}") for fault in FAULTS],
)
def test_a_fault_is_found(rule: Rule, file: str, text: str, line: int, tmp_path: Path) -> None:
    where = os.path.normpath(f"src/demo/{file}").replace(os.sep, "/")
    faults = list(rule(made(tmp_path, {**SOUND, file: text})))
    assert [fault for fault in faults if fault.startswith(f"{where}:{line}: ")], faults


def test_an_entry_too_many_is_found(tmp_path: Path) -> None:
    more = {f"more{number}.h5": "" for number in range(ENTRIES)}
    assert list(few_entries_at_the_top(made(tmp_path, {**SOUND, **more})))


def test_a_budget_that_is_not_kept_is_found(tmp_path: Path) -> None:
    each = made(tmp_path, {**SOUND, **{f"{name.replace('.', '/')}.py": "\n" for name in SPINE}})
    assert list(over_budget(each, TEACHING)) == []
    assert len(list(over_budget(each, dict.fromkeys(TEACHING, 1)))) == len(TEACHING)
    (each.project / "src/demo/model/head.py").unlink()
    assert list(over_budget(layout(each.project), {})) == ["src/demo: has no model.head"]


@by_rule
def test_what_is_sound_passes(rule: Rule, tmp_path: Path) -> None:
    assert list(rule(made(tmp_path, SOUND))) == []


def test_figures(tmp_path: Path) -> None:
    made(tmp_path, {**SOUND, "config.py": "from .hooks import kits\n"})
    assert list(measure(tmp_path).values()) == [
        *("6", "5", "30", "5", "1", "1", "8 (`cli`)", "5 in 1 files", "5")
    ]


def test_the_flat_layout_can_be_measured(tmp_path: Path) -> None:
    """An old module counts as part of the room that most of it is in now."""
    made(tmp_path, {"stages.py": "from .task import loss\n", "task.py": "loss = 0\n"})
    assert list(measure(tmp_path).values()) == [
        *("2", "0", "2", "2", "1", "0", "1 (`stages`)", "1 in 1 files", "2")
    ]
