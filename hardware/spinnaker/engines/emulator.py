"""Networks in the arithmetic of SpiNNaker's cores, on this computer.

It is an emulation of the arithmetic, never a run on a board.
What it leaves out is time: a core that gets more than it can process in a step is late on a board, and drops packets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pynn_backprop.spikes import Spikes, sorted_spikes

from ..chip.limits import WEIGHT
from ..translation.fixed_point import RAW, to_float
from ..translation.network import CoreCells, CoreNetwork
from .kernels import Neurons, Rows, State, run

ROOM = 2**20
"""Spikes that are kept at most before they are sorted by population."""


@dataclass(frozen=True)
class Recorded:
    """What a network did.

    Parameters
    ----------
    spikes
        Of every population, rows of step and neuron.
    potentials
        Of the watched population in mV after each step, float (n_steps, size); None if none was watched.
    saturated
        How often a ring buffer was full when a weight was added: by population, excitation and inhibition.
    """

    spikes: Spikes
    potentials: np.ndarray | None
    saturated: dict[str, tuple[int, int]]


class Emulator:
    """Runs a network.

    Parameters
    ----------
    network
        Any that :func:`~hardware.spinnaker.chip.validate.validate` accepts; others run too, as a core would run them.
    """

    def __init__(self, network: CoreNetwork) -> None:
        self._network, self._first = network, network.first
        self._neurons = _neurons(network)
        self._rows = _rows(network)
        self._slots = 1 + max((int(synapses.delay.max(initial=0)) for synapses in network.synapses), default=0)

    def run(self, spikes: Spikes, steps: int, watched: str | None = None) -> Recorded:
        """Run from rest.

        Parameters
        ----------
        spikes
            Of the sources: rows of step, from 0, and neuron, by label; others are silent.
        steps
            How many.
        watched
            A population whose potentials are kept.

        Returns
        -------
        Recorded
        """
        network = self._network
        pointer, outside = self._sources(spikes, steps)
        state = self._state()
        chosen = np.zeros(0, np.int64)
        if watched is not None:
            chosen = self._first[watched] + np.arange(network[watched].size)
        seen = np.zeros((steps, len(chosen)), np.int64)
        room = max(ROOM, 2 * network.n_neurons)
        kept_steps, kept_neurons = np.zeros(room, np.int32), np.zeros(room, np.int32)
        parts, done = [np.zeros((0, 2), np.int64)], 0
        while done < steps:
            done, kept = run(
                done,
                steps,
                self._neurons,
                self._rows,
                network.scale,
                state,
                pointer,
                outside,
                kept_steps,
                kept_neurons,
                chosen,
                seen,
            )
            parts.append(np.column_stack((kept_steps[:kept], kept_neurons[:kept])).astype(np.int64))
        potentials = None if watched is None else to_float(seen)
        return Recorded(self._by_population(np.concatenate(parts)), potentials, self._saturated(state))

    def _state(self) -> State:
        n = self._network.n_neurons
        ring = np.zeros((self._slots, 2, n), np.int32)
        return State(
            ring, self._neurons.rest.copy(), np.zeros(n, np.int64), np.zeros((2, n), np.int64), np.zeros(n, np.int32)
        )

    def _sources(self, spikes: Spikes, steps: int) -> tuple[np.ndarray, np.ndarray]:
        tables = [table + np.array([0, self._first[label]]) for label, table in spikes.items() if len(table)]
        table = np.concatenate([np.zeros((0, 2), np.int64), *tables])
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        return np.searchsorted(table[:, 0], np.arange(steps + 1)), table[:, 1].astype(np.int32)

    def _by_population(self, table: np.ndarray) -> Spikes:
        found = {}
        for population in self._network.populations:
            first = self._first[population.label]
            ours = table[(first <= table[:, 1]) & (table[:, 1] < first + population.size)]
            found[population.label] = sorted_spikes(ours[:, 0], ours[:, 1] - first)
        return found

    def _saturated(self, state: State) -> dict[str, tuple[int, int]]:
        found = {}
        for cells in self._network.cells:
            first = self._first[cells.label]
            counts = state.saturated[:, first : first + cells.size].sum(axis=1).tolist()
            found[cells.label] = counts[0], counts[1]
        return found


def _neurons(network: CoreNetwork) -> Neurons:
    idle = CoreCells("", 1, RAW.high, 0, 0, 0, 0, 0, 0, (0, 0), (0, 0))
    cells = [population if isinstance(population, CoreCells) else idle for population in network.populations]
    sizes = [population.size for population in network.populations]

    def column(values: list[int]) -> np.ndarray:
        return np.repeat(np.array(values, np.int64), sizes)

    names = ("threshold", "rest", "reset", "current", "resistance", "decay", "refractory")
    return Neurons._make(
        [
            *(column([getattr(each, name) for each in cells]) for name in names),
            *(column([each.shifts[kind] for each in cells]) for kind in (0, 1)),
            column([each is not idle for each in cells]).astype(bool),
        ]
    )


def _rows(network: CoreNetwork) -> Rows:
    first, nothing = network.first, np.zeros(0, np.int64)
    parts = [
        (
            synapses.sources + first[synapses.pre],
            synapses.targets + first[synapses.post],
            np.full(len(synapses.weight), synapses.kind),
            synapses.delay,
            np.abs(synapses.weight) & WEIGHT.high,
        )
        for synapses in network.synapses
    ]
    pre, *others = (np.concatenate(column) for column in zip((nothing,) * 5, *parts, strict=True))
    order = np.argsort(pre, kind="stable")
    pointer = np.searchsorted(pre[order], np.arange(network.n_neurons + 1))
    return Rows(pointer, *(column[order].astype(np.int32) for column in others))
