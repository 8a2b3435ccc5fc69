"""Which neurons are on which core, and what that core holds and has to do at most in a step.

sPyNNaker cuts each population into slices, one a core, and never puts two populations on one; sources it does not cut.
A core holds the synapses that end at its neurons as rows, one for each presynaptic neuron and projection, as long as
the longest of them; the rows lie in the chip's shared memory.  Where a delay is longer than a core's ring buffers are,
the presynaptic slice has a second core on which its spikes wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pynn_backprop.checks import check_count

from ..translation.network import CoreCells, CoreNetwork, CoreSynapses
from . import limits
from .arriving import most_events, phases_of

WORD = 4
"""Bytes."""

HEAD = 3
"""Words in front of the synapses of a row."""

NEURONS, SOURCES, DELAYS = "neurons", "sources", "delays"


@dataclass(frozen=True)
class Core:
    """A core and what is on it.

    Parameters
    ----------
    label
        Of the population.
    kind
        ``neurons``, ``sources``, or ``delays`` of such a core's spikes.
    first, stop
        The neurons ``first`` to ``stop - 1`` of the population.
    synapses, learning
        That end there, and how many of them are meant to learn.
    row_bytes
        Of the rows of synapses, in the chip's shared memory.
    events
        Synaptic events in the busiest step of a cycle, if all fire that may.
    packets
        Spikes sent in such a step.
    """

    label: str
    kind: str
    first: int
    stop: int
    synapses: int = 0
    learning: int = 0
    row_bytes: int = 0
    events: int = 0
    packets: int = 0

    @property
    def neurons(self) -> int:
        """How many are there."""
        return self.stop - self.first


def place(network: CoreNetwork, neurons_per_core: int | None = None) -> tuple[Core, ...]:
    """Cut a network into cores, in the order of its populations.

    Parameters
    ----------
    network
        Any that was validated.
    neurons_per_core
        No core gets more; as many as a core has room for if None, and then all sources of a population.

    Raises
    ------
    InputError
        If the number is not one that a core has room for.
    """
    most = limits.NEURONS if neurons_per_core is None else neurons_per_core
    check_count("neurons_per_core", most, 1, limits.NEURONS)
    waiting = _that_wait(network, most)
    cores: list[Core] = []
    for population in network.populations:
        kind = NEURONS if isinstance(population, CoreCells) else SOURCES
        alone = kind == SOURCES and neurons_per_core is None
        edges = _edges(population.size, population.size if alone else most)
        cores += _slices(network, population.label, kind, edges)
        if population.label in waiting:
            cores += [Core(core.label, DELAYS, core.first, core.stop) for core in cores[-len(edges) + 1 :]]
    return tuple(cores)


def _edges(size: int, most: int) -> np.ndarray:
    return np.append(np.arange(0, size, most), size)


def _that_wait(network: CoreNetwork, most: int) -> set[str]:
    """Populations whose spikes have delays that are longer than the ring buffers where they end."""
    found = set()
    for synapses in network.synapses:
        slots = limits.delay_slots(min(most, network[synapses.post].size))
        if synapses.delay.max(initial=0) > slots:
            found.add(synapses.pre)
    return found


def _slices(network: CoreNetwork, label: str, kind: str, edges: np.ndarray) -> Iterator[Core]:
    bounds = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    events = most_events(network, label, edges)
    ending = [synapses for synapses in network.synapses if synapses.post == label]
    counts = [np.histogram(synapses.targets, edges)[0] for synapses in ending]
    for place_, (first, stop) in enumerate(bounds):
        held = [int(count[place_]) for count in counts]
        yield Core(
            label,
            kind,
            first,
            stop,
            sum(held),
            sum(count for count, synapses in zip(held, ending, strict=True) if synapses.learns),
            sum(_row_bytes(synapses, network[synapses.pre].size, first, stop) for synapses in ending),
            int(events[place_]),
            stop - first if phases_of(network, label) else 0,
        )


def _row_bytes(synapses: CoreSynapses, n_pre: int, first: int, stop: int) -> int:
    """All rows of a projection on a core are as long as the longest of them."""
    chosen = (first <= synapses.targets) & (synapses.targets < stop)
    longest = int(np.bincount(synapses.sources[chosen], minlength=n_pre).max(initial=0))
    return (HEAD + longest) * WORD * n_pre if longest else 0


def cores_if_plastic(network: CoreNetwork, row: int) -> int:
    """How many cores it would take if what is meant to learn did, with shorter rows where it ends.

    Parameters
    ----------
    network
        Which.
    row
        Targets in a row, and so neurons on a core.
    """
    learning = {synapses.post for synapses in network.synapses if synapses.learns}
    fewer = sum(
        -(-cells.size // row) - -(-cells.size // limits.NEURONS) for cells in network.cells if cells.label in learning
    )
    return len(place(network)) + fewer


def longest_row(synapses: CoreSynapses, neurons_per_core: int = limits.NEURONS) -> int:
    """The most synapses from one neuron to one core of a projection."""
    core = synapses.targets // neurons_per_core
    rows = synapses.sources * (core.max(initial=0) + 1) + core
    return int(np.bincount(rows).max(initial=0))
