"""NEST in threads and forked processes: used where it can be, refused elsewhere, and never a crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from counted import Count, count
from scenarios.nest_threads import BEGIN, PROGRAMS, SAID


def threads() -> Count:
    """Every program of ``scenarios/nest_threads.py``."""
    return count("threads", [(name, _fault(*program)) for name, program in PROGRAMS.items()])


def _fault(program: str, expected: list[str]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        done = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.returncode
        said = [line for line in done.stdout.splitlines() if line.startswith(("worked", "refused"))]
        assert len(said) == len(expected), said
        assert all(line.startswith(SAID[key]) for line, key in zip(said, expected, strict=True)), said
        found.note("refused", sum(key != "worked" for key in expected))

    return fault
