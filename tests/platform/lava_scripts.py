"""Programs that run an engine of Lava's, each in a session of its own, and what is left of them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any, ClassVar

import pytest

TESTS = Path(__file__).resolve().parents[1]
LIMIT = 5.0
"""Seconds within which everything must have ended."""


def seldom(*values: Any) -> Any:
    """Parameters of a test that `make test-all` alone runs: the same promise is kept by other ones in each run."""
    return pytest.param(*values, marks=pytest.mark.slow)


BEGINNING = """
import os, signal, sys, threading, time
import numpy as np
from hardware.lava.engines.registry import make_engine
from pynn_backprop.errors import PlatformError
from scenarios.loihi import connected, of_cells

def network(n=3):
    ring = np.arange(n)
    chain, start = connected(ring, (ring + 1) % n, 10), connected([0], [0], 10, from_input=True)
    return of_cells(n, chain, start, n_inputs=1, label="ring", threshold=5)

def engine(name):
    made = make_engine(name, network(), np.arange(3), np.arange(3))
    made.set_spikes(np.array([1]), np.array([0]))
    return made

def children():
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = open(f"/proc/{entry}/stat").read().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == os.getpid():
                found.append(int(entry))
    return found

def leave_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)

# Ignored where the tests run under nohup, and inherited from there.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# A test that is killed can't end its script.
threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()

def say(**things):
    print(things, flush=True)

def show(engine):
    show_workers(engine.workers)

def show_workers(workers):
    say(workers=workers)
    sys.stdin.readline()  # until the test has seen that they exist
"""

FOREVER = """
    e = engine(sys.argv[1])
    e.run(2)
    show(e)
    """
"""An engine that has run and could go on."""


class Script:
    """A Python program in a session of its own; what it prints is read line by line as a dictionary."""

    made: ClassVar[list[Script]] = []

    def __init__(self, body: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", BEGINNING + textwrap.dedent(body), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
        )
        self.pids: list[int] = []
        Script.made.append(self)

    def line(self) -> dict:
        assert self.process.stdout is not None
        text = self.process.stdout.readline()
        assert text, self.process.communicate()
        return eval(text)  # our own dictionary

    def started(self) -> dict[str, int]:
        """The workers' process numbers, once the script says them."""
        workers = self.line()["workers"]
        self.pids += workers.values()
        assert all(map(exists, self.pids))
        assert not [name for pid in (self.process.pid, *self.pids) for name in files_of_shared_memory(pid)]
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return workers

    def end(self, within: float = LIMIT) -> tuple[int, str, str]:
        """Status, output and errors of the script, which must end in time, and take everything with it."""
        start = time.monotonic()
        output, errors = self.process.communicate(timeout=within + 25)
        took = time.monotonic() - start
        assert took < within, f"took {took:.1f} s"
        while any(map(exists, self.pids)) and time.monotonic() - start < within:
            time.sleep(0.05)
        assert not [pid for pid in self.pids if exists(pid)]
        return self.process.returncode, output, errors


def exists(pid: int) -> bool:
    """Whether there is such a process.

    A zombie is one only for its parent, and the scripts count theirs themselves; those of a parent that is gone are the
    operating system's to remove.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def files_of_shared_memory(pid: int) -> list[str]:
    """Files in /dev/shm that a process uses and that would stay if it were killed now."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return [line for line in lines if "/dev/shm/" in line and not line.endswith("(deleted)")]
