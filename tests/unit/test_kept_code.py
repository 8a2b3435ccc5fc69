"""What numba compiled and keeps: damaged in any way it is compiled anew, said once, and healed."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pynn_backprop.files import kept_code

CODE = """
from pynn_backprop.compiled import compiled

@compiled
def doubled(x):
    return 2 * x
"""

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "half": lambda whole: whole[: len(whole) // 2],
    "junk": lambda whole: b"junk" * 1000,
    "a bit": lambda whole: whole[:-50] + bytes([whole[-50] ^ 1]) + whole[-49:],
    "of another program": lambda whole: b"cos\nsystem\n(S'touch executed'\ntR.",
}


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], Any]:
    """Import the function anew, as a new process does, and call it; returns how often it was compiled."""
    path = tmp_path / "arithmetic.py"
    path.write_text(CODE)

    def started() -> int:
        kept_code.tell_of_damage.cache_clear()
        found = importlib.util.spec_from_file_location("arithmetic", path)
        assert found is not None
        assert found.loader is not None
        module: ModuleType = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        assert module.doubled(21) == 42
        return sum(module.doubled.stats.cache_misses.values())

    return started


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_file_is_compiled_anew_once_and_said(start, tmp_path, monkeypatch, caplog, kind, damage):
    monkeypatch.chdir(tmp_path)
    assert (start(), start()) == (1, 0)
    (path,) = tmp_path.rglob(f"*.{kind}")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    caplog.set_level(logging.WARNING)
    assert (start(), start()) == (1, 0)
    assert [record.getMessage() for record in caplog.records] == [
        f"what was compiled and kept in {path.parent} is damaged: it is compiled anew"
    ]
    assert not os.path.exists("executed")
