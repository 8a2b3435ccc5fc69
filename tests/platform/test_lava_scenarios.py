"""PyNN's own scenarios as a judge: each passes, passes with substitutes, or is refused; none is wrong.

They are run by ``PYNN_SOURCE=/path/to/PyNN``, a checkout of PyNN at the tag of the installed version.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lava_scenarios import EXPECTED, PASS, REFUSED, SKIP, SUBSTITUTE

import hardware.lava as lava
from hardware.lava.control import SUBSTITUTE as VARIABLE
from pynn_backprop.errors import InputError, PlatformError

SOURCE = os.environ.get("PYNN_SOURCE")


@pytest.fixture
def scenario(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    if not SOURCE:
        pytest.skip("PYNN_SOURCE does not name PyNN's source")
    module, name = request.param.split("::")
    folder = str(Path(SOURCE) / "test")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    monkeypatch.chdir(tmp_path)
    return getattr(importlib.import_module(f"system.scenarios.{module}"), name)


def outcome(scenario: Callable[[Any], Any]) -> str:
    try:
        scenario(lava)
    except (InputError, PlatformError):
        return REFUSED
    finally:
        lava.end()
    return PASS


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("scenario", [name for name, what in EXPECTED.items() if what != SKIP], indirect=True)
def test_a_scenario_of_pynns_own_does_what_is_known_of_it(scenario, request, monkeypatch):
    name = f"{scenario.__module__.rpartition('.')[2]}::{scenario.__name__}"
    expected = EXPECTED[name]
    assert outcome(scenario) == (PASS if expected == PASS else REFUSED)
    if expected != PASS:
        monkeypatch.setenv(VARIABLE, "1")
        assert outcome(scenario) == (PASS if expected == SUBSTITUTE else REFUSED)


def test_every_scenario_is_listed():
    if not SOURCE:
        pytest.skip("PYNN_SOURCE does not name PyNN's source")
    folder = Path(SOURCE) / "test"
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    found = set()
    for path in (folder / "system" / "scenarios").glob("test_*.py"):
        module = importlib.import_module(f"system.scenarios.{path.stem}")
        for key, function in inspect.getmembers(module, inspect.isfunction):
            if key.startswith("test") and "sim" in inspect.signature(function).parameters:
                found.add(f"{function.__module__.rpartition('.')[2]}::{key}")
    assert found == set(EXPECTED)


def test_the_list_holds_what_is_claimed():
    assert Counter(EXPECTED.values()) == {PASS: 27, SUBSTITUTE: 23, REFUSED: 15, SKIP: 1}
