"""The fast engine: a whole network in one Lava process, Lava's own LIF for all compartments and our synapses around it.

It runs under Lava's asynchronous protocol, in which a run of any length costs one command, and no step sends a message;
Lava's usual protocol takes four messages a step and process, and spikes and sums between two processes two more, each
many times as long as the arithmetic of a step.  What is told and what is recorded goes through anonymous shared memory.
"""

from __future__ import annotations

import numpy as np

from ..translation.network import DiscreteNetwork
from . import kernels
from .base import BlockEngine
from .checks import PARAMETERS, VALUES, check_network
from .processes.network import Network, NeuronTables
from .runtime import LavaRun
from .segments import segments_of
from .shared import shared_array
from .synapses import NOT_RECORDED, SynapseTables
from .workers import signals_held

LONGEST_BLOCK = 4096
TABLE_BYTES = 2**24
"""Most memory for the tables of inputs, spikes and potentials together; large networks run in shorter blocks."""


class FastEngine(BlockEngine):
    """One Lava process; see :class:`hardware.lava.engines.engine.Engine`."""

    def __init__(self, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> None:
        super().__init__(network, spikes, potentials)
        check_network(network)
        row = (network.n_inputs + len(self.spiking)) // 8 + 2 + 4 * len(self.watched)
        self._horizon = max(1, min(LONGEST_BLOCK, TABLE_BYTES // row))
        segments, self._places = segments_of(network)
        self._synapses = SynapseTables(
            n_compartments=network.n_compartments,
            segments=segments,
            inputs=shared_array((self._horizon, _bytes_for(network.n_inputs)), np.uint8),
            column=self._columns(),
            spikes=shared_array((self._horizon, _bytes_for(len(self.spiking))), np.uint8),
        )
        self._neurons = self._neuron_tables()
        self._processes: LavaRun | None = None

    def _columns(self) -> np.ndarray:
        columns = np.full(self.network.n_compartments, NOT_RECORDED, np.int32)
        columns[self.spiking] = np.arange(len(self.spiking))
        return columns

    def _neuron_tables(self) -> NeuronTables:
        groups, n = self.network.compartments, self.network.n_compartments
        tables = NeuronTables(
            **{name: shared_array((n,), np.int32) for name in VALUES},
            du=_value_or_array([(group.du, group.size) for group in groups]),
            dv=_value_or_array([(group.dv, group.size) for group in groups]),
            forgets=self.network.forgets,
            watched=self.watched,
            potentials=shared_array((self._horizon, len(self.watched)), np.int32),
        )
        for group in groups:
            for name in PARAMETERS:
                getattr(tables, name)[group.first : group.first + group.size] = getattr(group, name)
        return tables

    @property
    def horizon(self) -> int:
        """The most steps of one block."""
        return self._horizon

    @property
    def workers(self) -> dict[str, int]:
        """Names and numbers of the operating system's processes that it runs in."""
        return self._processes.workers if self._processes else {}

    def _run_block(self, steps: int, rows: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self.network.n_compartments:
            if self._processes is None:
                self._processes = LavaRun(self._network)
            self._synapses.inputs[:steps] = 0
            np.bitwise_or.at(self._synapses.inputs, (rows, inputs >> 3), (1 << (inputs & 7)).astype(np.uint8))
            self._processes.run(steps)
        spike_rows, spiking = _set_bits(self._synapses.spikes[:steps])
        return spike_rows, self.spiking[spiking], self._neurons.potentials[:steps].copy()

    def _network(self) -> list[Network]:
        with signals_held():  # numba would swallow the KeyboardInterrupt
            _compile_kernels()
        return [Network(self._neurons, self._synapses)]

    def _weights(self, synapses: int) -> np.ndarray:
        return self._synapses.segments.weight[self._places[synapses]].astype(np.int64)

    def _set_weights(self, synapses: int, weight: np.ndarray) -> None:
        self._synapses.segments.weight[self._places[synapses]] = weight

    def _set_compartments(self, compartments: np.ndarray, name: str, values: np.ndarray) -> None:
        getattr(self._neurons, name)[compartments] = values

    def _end(self) -> None:
        if self._processes is not None:
            self._processes.close()
        self._processes = None
        self._synapses = self._neurons = None  # type: ignore[assignment]


def _bytes_for(bits: int) -> int:
    return -(-bits // 8)


def _value_or_array(values_and_sizes: list[tuple[int, int]]) -> int | np.ndarray:
    values, sizes = zip(*values_and_sizes, strict=True) if values_and_sizes else ((0,), (0,))
    return int(values[0]) if len(set(values)) == 1 else np.repeat(np.array(values, np.int64), sizes)


def _set_bits(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the bits that are set, sorted by both; the lowest bit of a byte is its first column."""
    rows, columns = np.nonzero(table)
    which, bits = np.nonzero(np.unpackbits(table[rows, columns][:, np.newaxis], axis=1, bitorder="little"))
    return rows[which], 8 * columns[which] + bits


def _compile_kernels() -> None:
    """Have the compiled code at hand before the processes fork, from numba's cache but for the first time."""
    network = DiscreteNetwork(1, (), ())
    segments, _ = segments_of(network)
    nobody, bits, column = np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.int32)
    arriving, reached = np.zeros((1, 0), np.int32), np.zeros((1, 2), np.int64)
    kernels.hand_on(nobody, bits, segments, arriving, reached, 1, nobody, column, bits)
