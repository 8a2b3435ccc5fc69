"""The names of the package: all of them, no others, and the old one with a warning."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import pynn_backprop

PUBLIC = {
    "BackpropClassifier", "Binary", "Circuit", "Graded", "Network", "Parameters", "Rule", "StepSimulator",
    "__version__", "datasets", "get_simulator", "inference_circuit", "initial_weights", "training_circuit",
}  # fmt: skip


def test_star_and_tab_completion_show_the_public_names_only():
    names: dict[str, object] = {}
    exec("from pynn_backprop import *", names)
    assert set(names) - {"__builtins__"} == PUBLIC
    assert dir(pynn_backprop) == sorted(PUBLIC)


def test_type_checkers_see_the_same_names_from_where_they_come_at_run_time():
    tree = ast.parse(Path(pynn_backprop.__file__).read_text(encoding="utf-8"))
    (seen,) = [node for node in tree.body if isinstance(node, ast.If)]
    homes = {alias.name: statement.module for statement in seen.body for alias in statement.names}
    assert set(homes) == PUBLIC - {"__version__"}
    for name, module in homes.items():
        home = importlib.import_module(f"pynn_backprop.{module}")
        assert getattr(pynn_backprop, name) is getattr(home, name)


def test_the_old_name_of_the_rule_works_and_says_the_new_one():
    with pytest.warns(DeprecationWarning, match=r"^pynn_backprop\.Oracle is now called Rule: use pynn_backprop\.Rule$"):
        old = pynn_backprop.Oracle
    assert old is pynn_backprop.Rule
    assert "Oracle" not in {*pynn_backprop.__all__, *dir(pynn_backprop)}


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'pynn_backprop' has no attribute 'oracle'"):
        pynn_backprop.oracle  # noqa: B018


def test_importing_the_package_imports_nothing_of_it():
    program = "import sys, pynn_backprop; print(*[name for name in sys.modules if name.startswith('pynn_backprop.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
