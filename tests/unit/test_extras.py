"""A package that only a part needs is named, with the extra that brings it, where it is missing."""

from __future__ import annotations

import json
import re
import sys

import pytest

from pynn_backprop.errors import PlatformError
from pynn_backprop.extras import require


def test_what_is_there_is_imported():
    assert require("json", "this") is json


@pytest.mark.parametrize(("extra", "named"), [((), "abacus"), (("counting",), "counting")])
def test_what_is_missing_is_named_with_what_needs_it_and_the_remedy(monkeypatch, extra, named):
    monkeypatch.setitem(sys.modules, "abacus", None)
    reason = "a sum needs the package abacus, which is not installed ("
    with pytest.raises(PlatformError, match=rf"^{re.escape(reason)}.*\): pip install 'pynn_backprop\[{named}\]'$"):
        require("abacus", "a sum", *extra)
