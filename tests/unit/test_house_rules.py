"""The rules of the house, one test each, which names every file and line that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sources import PACKAGES, PYTHON, ROOT, Finder, check, matches, relative, source_files

CODE = [
    path
    for top in (*PACKAGES, "tools", "docs/examples")
    for path in sorted((ROOT / top).rglob("*"))
    if path.suffix in (".py", ".sh", ".cpp", ".h", ".hpp") and "stubs" not in path.parts
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MOST_LINES, COMMON_LINES, LONGER = 400, 250, 0.15
"""The longest file; how long most are; and the share that may be longer than that."""

ASKED_FOR = [ROOT / "hardware" / "lava" / "simulator.py"]
"""PyNN's common code asks a simulator for one object ``state``."""


# --- size


def lines_in(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(source: str) -> Iterator[tuple[int, str]]:
    lines = len(source.splitlines())
    if lines > MOST_LINES:
        yield lines, f"more than {MOST_LINES} lines"


def test_no_file_is_too_long_to_be_taken_in_at_one_sitting():
    check([*CODE, *TESTS], too_long)


def test_most_files_are_short():
    longer = [f"{relative(path)}: {lines} lines" for path in CODE if (lines := lines_in(path)) > COMMON_LINES]
    assert len(longer) <= LONGER * len(CODE), f"{len(longer)} of {len(CODE)} files:\n" + "\n".join(longer)


# --- explanations


def unexplained(source: str) -> Iterator[tuple[int, str]]:
    """What is public in a module and has no docstring."""
    module = ast.parse(source)
    if not ast.get_docstring(module):
        yield 1, "the module has no docstring"
    yield from _unexplained(module.body, "")


def _unexplained(body: list[ast.stmt], prefix: str) -> Iterator[tuple[int, str]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield node.lineno, f"{prefix}{node.name} has no docstring"
            if isinstance(node, ast.ClassDef):
                yield from _unexplained(node.body, f"{prefix}{node.name}.")


def test_everything_public_is_explained():
    check(PYTHON, unexplained)


def test_the_search_for_explanations_finds_what_lacks_one():
    source = '''
class Explained:
    """Yes."""
    def method(self): ...
    def _private(self): ...
    @property
    def value(self): ...
class _Private:
    def method(self): ...
async def function(): ...
'''
    expected = ["the module has no docstring"]
    expected += [f"{name} has no docstring" for name in ("Explained.method", "Explained.value", "function")]
    assert [what for _, what in unexplained(source)] == expected


# --- nothing left over

LEFT_OVER = matches(re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b.*"))


def test_nothing_is_left_to_be_done():
    suffixes = {".py", ".cfg", ".toml", ".sh", ".md", ".rst", ".h", ".hpp", ".cpp", ".cff", ""}
    check([path for path in source_files() if path.suffix in suffixes], LEFT_OVER)


def test_the_search_for_what_is_left_finds_it():
    assert list(LEFT_OVER("a = 1\n# TO" + "DO: more\n")) == [(2, "TO" + "DO: more")]
    assert list(LEFT_OVER("# to do, or METHO" + "DOLOGY")) == []


MACHINE = matches(re.compile(r"(?<![\w.$~}])/(?:ro{2}t|wor[k]|home/[\w.-]+|Users/[\w.-]+)/"))


def test_no_file_holds_a_path_of_a_machine():
    check([path for path in source_files() if b"\0" not in path.read_bytes()], MACHINE)


def test_the_search_for_paths_of_a_machine_finds_them():
    assert list(MACHINE('x\ncd "/ro' + 'ot/x"')) == [(2, "/ro" + "ot/")]
    assert list(MACHINE("$HOME/work/x net/work/x")) == []


# --- state


def state(source: str) -> Iterator[tuple[int, str]]:
    """What a module keeps between calls: names that functions rebind, empty containers, objects of its own classes."""
    module = ast.parse(source)
    classes = {node.name for node in module.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            yield node.lineno, f"global {', '.join(node.names)}"
    for statement in module.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name) and _changes(target.id, statement.value, classes):
                    yield statement.lineno, target.id


def _changes(name: str, value: ast.expr, classes: set[str]) -> bool:
    if isinstance(value, ast.Call):
        made = isinstance(value.func, ast.Name) and value.func.id in classes and not name.isupper()
        return made or (ast.unparse(value.func) in ("dict", "list", "set", "defaultdict", "deque") and not value.args)
    return ast.unparse(value) in ("{}", "[]", "None")


def test_no_module_keeps_state():
    check([path for path in PYTHON if path not in ASKED_FOR], state)
    # The exception is still needed, and is no licence for more.
    assert [what for path in ASKED_FOR for _, what in state(path.read_text(encoding="utf-8"))] == ["state"]


def test_the_search_for_state_finds_it_and_leaves_constants_alone():
    source = """
class State: ...
_state = State()
ORIGIN = State()
_seen: dict[str, int] = {}
CACHE = dict()
chosen = None
NAMES = {"a": 1}
logger = getLogger("x")
def choose():
    global chosen
    local = {}
"""
    assert list(state(source)) == [(11, "global chosen"), (3, "_state"), (5, "_seen"), (6, "CACHE"), (7, "chosen")]


# --- tests


PRIVATE = re.compile("_[^_]")
ATTRIBUTE = re.compile(r"(?:set|get|del|has)attr$|patch\.object$")


def private_names(sources: Iterable[str]) -> set[str]:
    """What begins with one underscore and is defined in some modules: functions, classes, names and attributes."""
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
    return {name for name in found if PRIVATE.match(name)}


def reaches_into(private: set[str]) -> Finder:
    """Finds where a test takes a private name: as an attribute, by import, or as text, as monkeypatch does."""

    def taken_by(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Attribute):
            if node.attr in private and ast.unparse(node.value) not in ("self", "cls"):
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            ours = (node.module or "").split(".")[0] in PACKAGES
            yield from (alias.name for alias in node.names if ours and PRIVATE.match(alias.name))
        elif isinstance(node, ast.Call) and ATTRIBUTE.search(ast.unparse(node.func)):
            texts = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
            yield from (text for text in map(str, texts) if text.split(".")[-1] in private)

    def find(source: str) -> Iterator[tuple[int, str]]:
        for node in ast.walk(ast.parse(source)):
            for name in taken_by(node):
                yield getattr(node, "lineno", 1), name

    return find


def test_no_test_reaches_into_private_names():
    check(TESTS, reaches_into(private_names(path.read_text(encoding="utf-8") for path in PYTHON)))


def test_the_search_for_private_names_finds_them_however_they_are_taken():
    private = private_names(["class _Box:\n    def f(self):\n        self._inner = 1", "def _ends(): ...", "_LIST = 1"])
    assert private == {"_Box", "_inner", "_ends", "_LIST"}
    source = """
from pynn_backprop.plots import _other
from numpy import _ends
x = module._ends
x = thing()._inner
monkeypatch.setattr(module, "_LIST", 1)
monkeypatch.setattr("pynn_backprop.x._LIST", 1)
x = self._inner
x = numpy._unknown
"""
    found = list(reaches_into(private)(source))
    assert sorted(line for line, _ in found) == [2, 4, 5, 6, 7]


def test_no_two_test_files_share_a_name():
    """One interpreter can't hold both: tests/ has no packages."""
    names = [path.name for path in TESTS if path.name not in ("conftest.py", "__init__.py")]
    assert sorted(names) == sorted(set(names))
