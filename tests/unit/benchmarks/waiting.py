"""Waiting for files and for the end of processes."""

from __future__ import annotations

import time
from pathlib import Path


def wait_for(condition, seconds=60.0):
    """Wait until it is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(children):
    """Wait until none of these processes is alive."""
    assert children
    wait_for(lambda: not any(map(_alive, children)))
