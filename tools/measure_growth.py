"""Measure how much memory a process gains with every network that it builds, runs and closes: docs/reliability.md.

    python tools/measure_growth.py nest

builds small networks one after the other and prints the growth per network of the resident memory, after Python's
collector and the C library gave back what they could.  For NEST it also builds what stands below our code: the same
populations and projections by PyNN alone, the same numbers of neurons and synapses by NEST's own functions, and nothing
but NEST's reset, each in a process of its own, so that it is seen whose the growth is.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import resource
import subprocess
import sys
from collections.abc import Callable

import numpy as np

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.platforms import get_platform
from pynn_backprop.weights import initial_weights

UNITS = (20, 12, 4)
WARM = 50
"""Networks before the first reading: imports, caches and pools are full by then."""


def whole(simulator: str) -> Callable[[], None]:
    """A network of this package: built, trained and closed."""
    circuit, weights, platform = training_circuit(UNITS), initial_weights(UNITS, 0), get_platform(simulator)
    x, labels = np.ones((4, UNITS[0]), bool), np.arange(4)

    def once() -> None:
        running = platform.build(circuit, weights)
        try:
            running.train(x, labels)
            running.weights()
        finally:
            running.close()

    return once


def by_pynn(simulator: str) -> Callable[[], None]:
    """As many populations and projections by PyNN's own cells and synapses."""
    from pynn_backprop.simulation.backends.registry import load_simulator

    sim, circuit = load_simulator(simulator), training_circuit(UNITS)

    def once() -> None:
        sim.setup(timestep=1.0, min_delay=1.0, max_delay=100.0)
        made = {
            p.name: sim.Population(p.size, sim.IF_curr_exp(tau_refrac=1.0), label=p.name) for p in circuit.populations
        }
        for name in made:
            made[name].record("spikes")
        for c in circuit.projections:
            synapse = sim.StaticSynapse(weight=1.0, delay=1.0)
            sim.Projection(made[c.pre], made[c.post], sim.AllToAllConnector(), synapse)
        sim.run(10.0)
        for population in made.values():
            population.get_data()
        sim.end()

    return once


def by_nest(_: str) -> Callable[[], None]:
    """As many neurons, recorders and synapses by NEST's own functions."""
    import nest

    circuit = training_circuit(UNITS)

    def once() -> None:
        nest.ResetKernel()
        made = {p.name: nest.Create("iaf_psc_exp", p.size) for p in circuit.populations}
        for cells in made.values():
            nest.Connect(cells, nest.Create("spike_recorder"))
        for c in circuit.projections:
            nest.Connect(made[c.pre], made[c.post])
        nest.Simulate(10.0)

    return once


def by_reset(_: str) -> Callable[[], None]:
    """Nothing but NEST's reset."""
    import nest

    return nest.ResetKernel


WAYS: dict[str, Callable[[str], Callable[[], None]]] = {
    "this package": whole,
    "PyNN alone": by_pynn,
    "NEST alone": by_nest,
    "NEST's reset": by_reset,
}


def resident() -> float:
    """Resident memory in kB, after all that can be given back was."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1000


def growth(once: Callable[[], None], networks: int) -> tuple[float, int]:
    """KB per network, and how many Python objects more there are per 100 networks."""
    for _ in range(WARM):
        once()
    before, objects = resident(), len(gc.get_objects())
    for _ in range(networks):
        once()
    return (resident() - before) / networks, round(100 * (len(gc.get_objects()) - objects) / networks)


def main() -> None:
    """Measure what the command line asks for, each way in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("simulator", choices=["nest", "brian2", "lava"])
    parser.add_argument("--networks", type=int, default=200)
    parser.add_argument("--way", choices=list(WAYS), help="only this one")
    asked = parser.parse_args()
    if asked.way:
        kilobytes, objects = growth(WAYS[asked.way](asked.simulator), asked.networks)
        print(
            f"{asked.simulator}, {asked.way}: {kilobytes:.1f} kB a network, {objects} Python objects per 100 networks"
        )
        return
    for way in WAYS if asked.simulator == "nest" else ("this package", "PyNN alone"):
        subprocess.run([sys.executable, *sys.argv, "--way", way], check=True)


if __name__ == "__main__":
    main()
