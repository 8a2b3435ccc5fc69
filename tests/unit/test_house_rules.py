"""The rules of the house: who may know simulators, how long a file may be, and that everything public is explained."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pynn_backprop

PACKAGE = Path(pynn_backprop.__file__).parent
ROOT = PACKAGE.parent
PYTHON = [
    path for folder in ("pynn_backprop", "hardware", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))
]
FREE = [path for path in PYTHON if not {"backends", "hardware"} & set(path.relative_to(ROOT).parts)]
CODE = [
    path
    for folder in ("pynn_backprop", "hardware", "benchmarks", "tools", "docs/examples")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".sh", ".cpp", ".h", ".hpp") and "stubs" not in path.parts
]
MOST_LINES = 500

_SIMULATOR = r"(?:pyNN\.)?(?:nest|brian2?|lava|loihi|neuron|spinnaker|spiNNaker)"
_NAME = rf"[\"'](?i:{_SIMULATOR})[\"']"
_IMPORTED = r"(?:pyNN\.)?(?:nest|brian2|lava|hardware)\b"
IMPORT = re.compile(
    rf"^\s*(?:import\s+(?:[\w.]+(?:\s+as\s+\w+)?,\s*)*{_IMPORTED}|from\s+{_IMPORTED}"
    rf"|from\s+pyNN\s+import\s+.*\b(?:nest|brian2))"
    rf"|import_module\(\s*[\"']{_IMPORTED}|__import__\(\s*[\"']{_IMPORTED}",
    re.MULTILINE,
)
COMPARISON = re.compile(
    rf"(?:[=!]=|\bin|\bis)\s*[\(\[{{]?\s*{_NAME}|{_NAME}\s*(?:[=!]=|in\b|not\s+in\b)|\bcase\s+{_NAME}"
    rf"|(?:starts|ends)with\(\s*{_NAME}"
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def public_names(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.AST]]:
    """Functions, classes and methods without a leading underscore, with their dotted names."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{prefix}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public_names(node.body, f"{prefix}.{node.name}")


def unexplained(source: str, name: str) -> list[str]:
    """What is public in a module and has no docstring."""
    module = ast.parse(source)
    found = [(name, module), *public_names(module.body, name)]
    return [dotted for dotted, node in found if not ast.get_docstring(node)]  # type: ignore[arg-type]


# --- simulators


@pytest.mark.parametrize("path", FREE, ids=relative)
def test_no_file_outside_the_backends_imports_a_simulator_or_asks_for_its_name(path):
    source = path.read_text(encoding="utf-8")
    assert [match[0].strip() for rule in (IMPORT, COMPARISON) for match in rule.finditer(source)] == []


@pytest.mark.parametrize(
    "source",
    [
        "import nest",
        "import numpy, nest",
        "import os as o, brian2.units",
        "    import pyNN.nest as sim",
        "from lava.magma import core",
        "from nest import Install",
        "from pyNN.brian2 import setup",
        "from pyNN import common, nest",
        "import hardware.lava as sim",
        "sim = importlib.import_module('pyNN.nest')",
    ],
)
def test_the_rule_finds_an_import(source):
    assert IMPORT.search(f"x = 1\n{source}\n")


@pytest.mark.parametrize(
    "source",
    [
        "if name == 'nest':",
        'if sim.__name__ != "pyNN.nest":',
        "if 'brian2' == name:",
        "if name in ('lava', 'nest'):",
        "if 'nest' in name:",
        "if simulator is 'NEST':",
        "case 'nest':",
        "if name.startswith('pyNN.nest'):",
    ],
)
def test_the_rule_finds_a_comparison(source):
    assert COMPARISON.search(source)


@pytest.mark.parametrize(
    "source",
    [
        "``nest``, ``reference``",
        'default="nest"',
        "from .network import Network",
        "import nested",
        "simulator = 'nest'",
    ],
)
def test_the_rule_leaves_other_lines_alone(source):
    assert not IMPORT.search(source)
    assert not COMPARISON.search(source)


@pytest.mark.parametrize(
    "modules",
    [
        ["pynn_backprop", "pynn_backprop.cli.main"],
        [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FREE if path.stem != "__init__"],
    ],
    ids=["package and command", "every module"],
)
def test_importing_imports_no_simulator(modules):
    script = f"import sys\nfor name in {modules}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    assert set(modules) <= imported
    assert [name for name in imported if re.fullmatch(r"(pyNN\.)?(nest|brian2|lava)(\..*)?", name)] == []


# --- size and explanations


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_a_file_has_at_most_500_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_everything_public_is_explained(path):
    assert unexplained(path.read_text(encoding="utf-8"), path.stem) == []


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
    assert unexplained(source, "m") == ["m", "m.Explained.method", "m.Explained.value", "m.function"]


def test_there_are_files_to_look_at():
    assert {"main.py", "network.py", "rule.py"} <= {path.name for path in FREE} <= {path.name for path in CODE}
    assert PACKAGE / "simulation" / "backends" / "nest.py" in set(PYTHON) - set(FREE)


def test_no_two_test_files_share_a_name():
    """One interpreter can't hold both: tests/ has no packages."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
