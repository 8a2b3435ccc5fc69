"""Every suite of faults, a few times each; ``count.py`` does them as often as one likes, and prints the figures."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

COUNT = Path(__file__).with_name("count.py")
TIMES = {"kill": 10, "disk": 15, "lock": 5, "malformed": 15, "cache": 1, "thread": 1}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TIMES)
def test_every_fault_is_survived(kind):
    if kind in ("cache", "thread") and importlib.util.find_spec("nest") is None:
        pytest.skip("NEST is not installed: pip install 'pynn_backprop[nest]'")
    command = [sys.executable, str(COUNT), kind, "--times", str(TIMES[kind])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_a_fault_that_is_not_survived_is_counted_and_named():
    """The count itself can fail."""
    sys.path.insert(0, str(COUNT.parent))
    from counted import count, forked, status_of

    def lost(found):
        found.note("lost")
        raise AssertionError("weights differ")

    found = count("some", [("first", lost), ("second", lambda found: None)])
    assert (found.tried, found.survived) == (2, 1)
    assert str(found) == "some: 1 of 2 survived; lost: 1\n  first: AssertionError: weights differ"
    assert status_of(forked(lambda: 3)) == 3
    with pytest.raises(TimeoutError):
        status_of(forked(lambda: __import__("time").sleep(30) or 0), seconds=0.2)
