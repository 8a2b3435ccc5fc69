"""NEST in another thread, and in a forked process: refused, where it would end the process or hang."""

from __future__ import annotations

import subprocess
import sys

import pytest
from simulators import skip_unless_installed

skip_unless_installed("nest")

BEGIN = """
import os, sys, threading
import numpy as np
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform
from pynn_backprop.weights import initial_weights

UNITS = (6, 5, 3)

def build(threads=1):
    platform = get_platform("nest", Options(threads=threads, variant="dopamine"))
    return platform.build(training_circuit(UNITS), initial_weights(UNITS, 0))

def work(threads=1):
    network = build(threads)
    network.train(np.ones((3, 6), bool), np.array([0, 1, 2]))
    total = network.weights()["W1"].sum()
    network.close()
    return total

def refused(do):
    try:
        do()
    except PlatformError as error:
        print("refused:", str(error)[:60], flush=True)
    else:
        print("worked", flush=True)

def elsewhere(do):
    thread = threading.Thread(target=refused, args=[do])
    thread.start()
    thread.join(60)

def forked(do):
    child = os.fork()
    if child == 0:
        refused(do)
        os._exit(0)
    os.waitpid(child, 0)
"""

PROGRAMS = {
    "first here, then elsewhere": ("refused(work); elsewhere(work); refused(work)", ["worked", "thread", "worked"]),
    "only elsewhere": ("elsewhere(work); elsewhere(work); refused(work)", ["worked", "thread", "thread"]),
    "imported by the user": ("import pyNN.nest; elsewhere(work); refused(work)", ["thread", "worked"]),
    "built here, used elsewhere": (
        "n = build(); elsewhere(n.weights); elsewhere(n.close); "
        "elsewhere(lambda: n.infer(np.ones((1, 6), bool))); refused(n.weights)",
        ["thread", "thread", "thread", "worked"],
    ),
    "a fork without threads": ("refused(work); forked(work)", ["worked", "worked"]),
    "a fork after threads": ("refused(lambda: work(2)); forked(work)", ["worked", "fork"]),
    "threads after a fork": ("refused(work); forked(lambda: work(2))", ["worked", "fork"]),
}
SAID = {
    "worked": "worked",
    "thread": "refused: NEST can only be used in the thread that imported it",
    "fork": "refused: NEST was imported by process",
}


@pytest.mark.parametrize(("program", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_nest_is_used_where_it_can_be_and_refused_elsewhere(program, expected):
    done = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [line for line in done.stdout.splitlines() if line.startswith(("worked", "refused"))]
    assert len(said) == len(expected), done.stdout
    for line, key in zip(said, expected, strict=True):
        assert line.startswith(SAID[key])
