"""NEST in another thread, and in a forked process: refused, where it would end the process or hang."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scenarios.nest_threads import BEGIN, PROGRAMS, SAID
from simulators import skip_unless_installed

skip_unless_installed("nest")


@pytest.mark.parametrize(("program", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_nest_is_used_where_it_can_be_and_refused_elsewhere(program, expected):
    done = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stdout.splitlines() if line.startswith(("worked", "refused"))]
    assert len(said) == len(expected), done.stdout
    for line, key in zip(said, expected, strict=True):
        assert line.startswith(SAID[key])
