"""The stock engine: Lava's own processes only, the network as Loihi's compiler would be given it.

LIF, Sparse, DelaySparse and LearningDense with the three-factor rule do the work, ring buffers and a reader bring
spikes and potentials in and out.  Each is a process of the operating system that takes part in every step: the
training circuit at 30-20-4 takes 84 of them and 60 to 90 ms a step, some 500 times as long as on the fast engine.  It
is there to show that both mean the same.

What changes between runs needs new processes: Lava's LIF scales its threshold only once, and a matrix of Lava's
Sparse forgets its zeros.  All state is read out then, spikes that are under way too, and the next run starts from it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from lava.proc.dense.process import LearningDense
from lava.proc.io.sink import Read
from lava.proc.io.sink import RingBuffer as Sink
from lava.proc.io.source import RingBuffer as Source
from lava.proc.lif.process import LIF
from lava.proc.sparse.process import DelaySparse, Sparse
from lava.utils.weightutils import SignMode
from scipy.sparse import csr_matrix

from pynn_backprop.errors import PlatformError

from ..translation import ranges
from ..translation.network import DiscreteNetwork
from .base import BlockEngine
from .checks import PARAMETERS, VALUES, check_network
from .runtime import LavaRun
from .stock_plan import plan
from .stock_processes import DELAYED, LEARNING, Connection, Place
from .stock_rule import check_bounds, learning_rule

RING = 64
"""Steps that fit in Lava's ring buffers; all of them are read after a run, one message for each number."""

LONGEST_DELAY = 63
"""Of Lava's DelaySparse."""

SIGN_MODES = {
    ranges.MIXED: SignMode.MIXED,
    ranges.EXCITATORY: SignMode.EXCITATORY,
    ranges.INHIBITORY: SignMode.INHIBITORY,
}


class StockEngine(BlockEngine):
    """Many Lava processes; see :class:`hardware.lava.engines.engine.Engine`."""

    def __init__(self, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> None:
        super().__init__(network, spikes, potentials)
        check_network(network)
        self.plan = plan(network)
        self._state = {name: np.zeros(network.n_compartments, np.int64) for name in VALUES}
        for name in PARAMETERS:
            self._state[name][:] = network.of_compartments(name)
        self._mantissas = [np.array(projection.weight, np.int64) for projection in network.synapses]
        self._under_way: list[Any] = [0] * len(self.plan.connections)
        self._processes: LavaRun | None = None
        for connection in self.plan.connections:
            self._matrix(connection)  # what can't be expressed is refused now

    @property
    def horizon(self) -> int:
        """The most steps of one block."""
        return RING

    @property
    def workers(self) -> dict[str, int]:
        """Names and numbers of the operating system's processes that it runs in."""
        return self._processes.workers if self._processes else {}

    # -- running ---------------------------------------------------------------------------------------------------

    def _run_block(self, steps: int, rows: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        n = self.network.n_compartments
        fired, potentials = np.zeros((steps, n), bool), np.zeros((steps, n), np.int32)
        if n:
            if self._processes is None:
                self._done = 0
                self._processes = LavaRun(self._make)
            with self._processes.ended_by_errors():
                columns = (self._done + np.arange(steps)) % RING
                self._send(columns, rows, inputs)
                self._processes.run(steps)
                self._done += steps
                for place, sink in self._sinks.items():
                    fired[:, self.plan.places[place].members] = sink.data.get()[:, columns].T != 0
                for place, reader in self._readers.items():
                    potentials[:, self.plan.places[place].members] = reader.data.get()[:, columns].T
        spike_rows, spiking = np.nonzero(fired[:, self.spiking])
        return spike_rows, self.spiking[spiking], potentials[:, self.watched]

    def _send(self, columns: np.ndarray, rows: np.ndarray, inputs: np.ndarray) -> None:
        fires = np.zeros((self.network.n_inputs, RING), np.int32)
        fires[inputs, columns[rows]] = 1
        for number, source in self._sources.items():
            data = fires[self.plan.sources[number]]
            if data.any() or self._full[number]:
                source.data.set(data)
                self._full[number] = bool(data.any())

    def _make(self) -> list[Any]:
        lifs = [self._lif(place) for place in self.plan.places]
        used = {connection.pre for connection in self.plan.connections if connection.from_input}
        self._sources = {k: Source(data=np.zeros((len(self.plan.sources[k]), RING), np.int32)) for k in used}
        self._full = dict.fromkeys(used, False)
        self._connections = [
            self._connect(connection, pending, lifs)
            for connection, pending in zip(self.plan.connections, self._under_way, strict=True)
        ]
        self._lifs = lifs
        self._sinks, self._readers = {}, {}
        for number, place in enumerate(self.plan.places):
            if not place.copies and np.isin(place.members, self.spiking).any():
                self._sinks[number] = Sink(shape=(len(place.members),), buffer=RING)
                lifs[number].s_out.connect(self._sinks[number].a_in)
            if not place.copies and np.isin(place.members, self.watched).any():
                self._readers[number] = Read(buffer=RING)
                self._readers[number].connect_var(lifs[number].v)
        return [
            *lifs,
            *self._sources.values(),
            *self._connections,
            *self._sinks.values(),
            *self._readers.values(),
        ]

    def _lif(self, place: Place) -> Any:
        group = self.network.compartments[place.group]
        values = {name: state[place.members] for name, state in self._state.items()}
        threshold = values["threshold"]
        return LIF(
            shape=threshold.shape,
            u=values["u"],
            v=values["v"],
            du=group.du,
            dv=group.dv,
            # Lava's documentation knows one threshold; its arithmetic takes an array element by element.
            vth=int(threshold[0]) if (threshold == threshold[0]).all() else threshold.astype(np.int32),
            bias_mant=values["bias_mantissa"],
            bias_exp=values["bias_exponent"],
            name=f"LIF of {place.label}",
        )

    def _connect(self, connection: Connection, under_way: Any, lifs: list[Any]) -> Any:
        matrix, mode = self._matrix(connection)
        shared = {
            "weight_exp": connection.exponent,
            "sign_mode": SIGN_MODES[mode],
            "name": f"{connection.kind} of {connection.label}",
        }
        if connection.rule is not None:
            process = LearningDense(weights=matrix, learning_rule=learning_rule(connection.rule), **shared)
            lifs[connection.post].s_out.connect(process.s_in_bap)
            lifs[connection.reward].s_out.connect(process.s_in_y1)
        elif connection.kind == DELAYED:
            delays = np.zeros(matrix.shape, int)
            delays[connection.row, connection.column] = connection.delay
            longest = int(connection.delay.max())
            process = DelaySparse(weights=csr_matrix(matrix), delays=csr_matrix(delays), max_delay=longest, **shared)
        else:
            process = Sparse(weights=csr_matrix(matrix), **shared)
        process.a_buff.init = under_way
        sender = self._sources[connection.pre] if connection.from_input else lifs[connection.pre]
        sender.s_out.connect(process.s_in)
        process.a_out.connect(lifs[connection.post].a_in)
        return process

    def _matrix(self, connection: Connection) -> tuple[np.ndarray, ranges.SignMode]:
        """Mantissas, (n_post, n_pre), and their sign mode; refused is what Lava would clip, round or not learn."""
        senders = self.plan.sources if connection.from_input else [place.members for place in self.plan.places]
        shape = len(self.plan.places[connection.post].members), len(senders[connection.pre])
        values = np.zeros(len(connection.row), np.int64)
        for k in np.unique(connection.projection):
            of = connection.projection == k
            values[of] = self._mantissas[k][connection.synapse[of]]
        mode = ranges.sign_mode(values, connection.rule is not None)
        wrong = values[~mode.holds(values)]
        if len(wrong):
            raise PlatformError(
                f"{connection.label}: the weight {wrong[0]} can't be held by stock Lava's {connection.kind}, which "
                f"takes {mode}; use the engine 'fast'"
            )
        if connection.rule is not None:
            check_bounds(connection.label, values, connection.rule)
        if connection.delay.max(initial=0) > LONGEST_DELAY:
            raise PlatformError(f"{connection.label}: stock Lava's delays go up to {LONGEST_DELAY}")
        matrix = np.zeros(shape, np.int32)
        matrix[connection.row, connection.column] = values
        return matrix, mode

    # -- state -----------------------------------------------------------------------------------------------------

    def _weights(self, synapses: int) -> np.ndarray:
        if self._processes is not None and self.network.synapses[synapses].rule is not None:
            with self._processes.ended_by_errors():
                self._read_weights(synapses)
        return self._mantissas[synapses].copy()

    def _read_weights(self, synapses: int) -> None:
        for connection, process in zip(self.plan.connections, self._connections, strict=True):
            if connection.kind == LEARNING and connection.projection[0] == synapses:
                matrix = process.weights.get()
                self._mantissas[synapses][connection.synapse] = matrix[connection.row, connection.column]

    def _set_weights(self, synapses: int, weight: np.ndarray) -> None:
        self._settle()
        before, self._mantissas[synapses] = self._mantissas[synapses], weight.copy()
        try:
            for connection in self.plan.connections:
                self._matrix(connection)
        except PlatformError:
            self._mantissas[synapses] = before
            raise

    def _set_compartments(self, compartments: np.ndarray, name: str, values: np.ndarray) -> None:
        self._settle()
        self._state[name][compartments] = values

    def _settle(self) -> None:
        """Read all state and end the processes; the next run makes new ones that go on from there."""
        if self._processes is None:
            return
        with self._processes.ended_by_errors():
            for place, lif in zip(self.plan.places, self._lifs, strict=True):
                if not place.copies:
                    self._state["u"][place.members] = lif.u.get()
                    self._state["v"][place.members] = lif.v.get()
            self._under_way = [process.a_buff.get().astype(np.int64) for process in self._connections]
            for synapses in {int(c.projection[0]) for c in self.plan.connections if c.kind == LEARNING}:
                self._read_weights(synapses)
        self._end()

    def _end(self) -> None:
        if self._processes is not None:
            self._processes.close()
        self._processes = None
        self._lifs, self._connections, self._sources, self._sinks, self._readers = [], [], {}, {}, {}
