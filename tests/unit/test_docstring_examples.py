"""The examples in docstrings are true, and the public names have some."""

from __future__ import annotations

import doctest
import importlib

import pytest
from sources import PYTHON, ROOT

WITHOUT = {"Circuit", "Network", "Parameters", "get_simulator", "Binary"}
"""Public names that are made by others, or need a simulator."""

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in PYTHON
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0


def test_public_names_have_examples():
    import pynn_backprop

    named = [name for name in pynn_backprop.__all__ if name not in {*WITHOUT, "__version__", "datasets"}]
    bare = [name for name in named if ">>> " not in (getattr(pynn_backprop, name).__doc__ or "")]
    assert bare == []
