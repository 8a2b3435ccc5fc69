"""Programs that use NEST in threads and forked processes, and what each step must come to."""

from __future__ import annotations

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
