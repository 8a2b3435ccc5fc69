"""Spread the compartments of a network over cores.

Compartments are taken in the order of their numbers, which is that in which the populations were created, and put on a
core as long as all of them fit with the synapses that end at them; the next one starts the next core.  What a core
sends out is only known when all have their place: a core that reaches too many others is then cut in two.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pynn_backprop.errors import InputError

from . import limits
from .demand import Demand


def partition(demand: Demand, compartments_per_core: int = limits.COMPARTMENTS) -> tuple[np.ndarray, np.ndarray]:
    """Where each core begins, and what it sends out.

    Parameters
    ----------
    demand
        Of the network.  Every compartment must fit a core of its own.
    compartments_per_core
        No core gets more.

    Returns
    -------
    begins
        Int (n_cores + 1,): core k holds the compartments ``begins[k]`` to ``begins[k + 1] - 1``.
    output_axons
        Int (n_cores,): entries in its table.

    Raises
    ------
    InputError
        If one compartment's spikes go to more cores than it has entries for.
    """
    begins = _filled(demand, compartments_per_core)
    while True:
        sent = output_axons(demand, begins)
        full = np.flatnonzero(sent > limits.OUTPUT_AXONS)
        if not len(full):
            return begins, sent
        sizes = np.diff(begins)[full]
        alone = full[sizes.argmin()]
        if sizes.min() < 2:
            raise InputError(
                f"the spikes of compartment {begins[alone]} go to {sent[alone]:,} lists on other cores, but a core has "
                f"{limits.OUTPUT_AXONS:,} output axons: the network can't be placed"
            )
        begins = np.insert(begins, full + 1, begins[full] + sizes // 2)


def _filled(demand: Demand, compartments_per_core: int) -> np.ndarray:
    """Core after core, each as full as it gets."""
    begins, size = [0], compartments_per_core
    while begins[-1] < demand.n_compartments:
        first = begins[-1]
        most = min(first + compartments_per_core, demand.most(first))
        size = _fitting(demand, first, most, min(first + size, most)) - first
        begins.append(first + size)
    return np.array(begins)


def _fitting(demand: Demand, first: int, most: int, guess: int) -> int:
    """The largest stop up to `most` for which the compartments ``first`` to ``stop - 1`` fit one core, by bisection.

    More compartments never need less of anything.
    """
    fits, fails = first + 1, most + 1
    while fails - fits > 1:
        middle = guess if fits < guess < fails else (fits + fails) // 2
        if demand.of(first, middle).excess:
            fails = middle
        else:
            fits = middle
    return fits


def output_axons(demand: Demand, begins: np.ndarray) -> np.ndarray:
    """How many entries each core needs for what its compartments' spikes reach.

    One for each other neuron's core (or its own), one more if static and plastic synapses are there; the spikes of a
    reinforcement neuron also go to each core where synapses learn by it.  Inputs come from outside and take none.

    Parameters
    ----------
    demand
        Of the network.
    begins
        Int (n_cores + 1,), as :func:`partition` returns it.

    Returns
    -------
    numpy.ndarray
        Int (n_cores,).
    """
    n_cores = len(begins) - 1
    target = np.searchsorted(begins, demand.post, side="right") - 1
    axons = np.unique((demand.pre * n_cores + target) * 2 + demand.learns())
    pre = axons // (2 * n_cores)
    senders = np.concatenate([pre[pre < demand.n_compartments], *_teaching(demand, target, n_cores)])
    return np.bincount(np.searchsorted(begins, senders, side="right") - 1, minlength=n_cores)


def _teaching(demand: Demand, target: np.ndarray, n_cores: int) -> Iterator[np.ndarray]:
    """Each reinforcement neuron, once for each core where synapses learn by it."""
    teacher = demand.reinforcement[demand.projection]
    for neuron in np.unique(demand.reinforcement[demand.reinforcement >= 0]):
        cores = np.bincount(target[teacher == neuron], minlength=n_cores) > 0
        yield np.full(cores.sum(), neuron)
