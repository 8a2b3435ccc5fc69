"""No file outside the backends and hardware/ knows a simulator by name, and no import needs one."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from sources import PYTHON, ROOT, check, matches

FREE = [path for path in PYTHON if not {"backends", "hardware"} & set(path.relative_to(ROOT).parts)]

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


def test_no_file_outside_the_backends_imports_a_simulator_or_asks_for_its_name():
    assert ROOT / "pynn_backprop" / "simulation" / "network.py" in FREE
    assert ROOT / "pynn_backprop" / "simulation" / "backends" / "nest.py" in set(PYTHON) - set(FREE)
    check(FREE, matches(IMPORT, COMPARISON))


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
    assert [line for line, _ in matches(IMPORT)(f"x = 1\n{source}\n")] == [2]


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
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    assert set(modules) <= imported
    assert [name for name in imported if re.fullmatch(r"(pyNN\.)?(nest|brian2|lava)(\..*)?", name)] == []
