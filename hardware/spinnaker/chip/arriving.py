"""What can arrive at most: sums in ring buffers, synaptic events on cores, packets.

It follows from the phases in which who may fire; nothing here depends on data.
  It is assumed that every neuron of a population fires in each phase in which it may.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..translation.network import CoreNetwork, CoreSynapses


def phases_of(network: CoreNetwork, label: str) -> tuple[int, ...]:
    """The steps of a cycle in which a population may fire."""
    phases = network[label].phases
    return tuple(range(network.cycle)) if phases is None else phases


def largest_sums(network: CoreNetwork) -> dict[str, np.ndarray]:
    """The largest sums that the ring buffers would have to hold, by population, in units of theirs.

    Returns
    -------
    dict of str to numpy.ndarray of int64, shape (cycle, 2, size)
        In each step of a cycle, of excitation and of inhibition, of each neuron.
    """
    sums = {cells.label: np.zeros((network.cycle, 2, cells.size), np.int64) for cells in network.cells}
    for synapses in network.synapses:
        into = sums[synapses.post]
        for delay, chosen in _by_delay(synapses):
            size = into.shape[2]
            weight = np.abs(synapses.weight[chosen]).astype(float)
            # Whole numbers far below 2**53, so that sums in floats are exact.
            arriving = np.bincount(synapses.targets[chosen], weight, size).astype(np.int64)
            for phase in phases_of(network, synapses.pre):
                into[(phase + delay) % network.cycle, synapses.kind] += arriving
    return sums


def _by_delay(synapses: CoreSynapses) -> Iterator[tuple[int, np.ndarray]]:
    for delay in np.unique(synapses.delay).tolist():
        yield delay, np.flatnonzero(synapses.delay == delay)


def most_events(network: CoreNetwork, post: str, edges: np.ndarray) -> np.ndarray:
    """Synaptic events that the cores of a population process at most in a step.

    Parameters
    ----------
    network
        Which.
    post
        A population.
    edges
        The first neuron of each of its cores, and its size, int (n_cores + 1,).

    Returns
    -------
    numpy.ndarray of int64, shape (n_cores,)
        In the busiest step of a cycle.  A core processes synapses when the spike comes, whatever their delay is.
    """
    events = np.zeros((network.cycle, len(edges) - 1), np.int64)
    for synapses in network.synapses:
        if synapses.post == post:
            here = np.bincount(np.searchsorted(edges, synapses.targets, side="right") - 1, minlength=len(edges) - 1)
            for phase in phases_of(network, synapses.pre):
                events[phase] += here
    return np.asarray(events.max(axis=0))


def most_packets(network: CoreNetwork) -> tuple[int, int]:
    """Spikes that the whole network sends at most in a step, and the step of a cycle in which it does."""
    sent = np.zeros(network.cycle, np.int64)
    for population in network.populations:
        sent[list(phases_of(network, population.label))] += population.size
    return int(sent.max()), int(sent.argmax())
