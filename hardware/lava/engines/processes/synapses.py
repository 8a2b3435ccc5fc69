"""All synapses in one process, with their delays, plasticity, the spikes of inputs and the record of spikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires
from lava.magma.core.model.py.model import PyAsyncProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.async_protocol import AsyncProtocol

from .. import kernels
from ..segments import Segments


@dataclass(frozen=True)
class SynapseTables:
    """What the parent and the process share.

    Parameters
    ----------
    n_compartments
        Number of compartments.
    segments
        The synapses.
    inputs
        Uint8 (horizon, n_inputs / 8), shared: the spikes of inputs in each step of a run, one bit each.
    spiking
        Int64 (n_recorded,): compartments whose spikes are recorded.
    spikes
        Uint8 (horizon, n_recorded / 8), shared: their spikes in each step of a run, one bit each.
    """

    n_compartments: int
    segments: Segments
    inputs: np.ndarray
    spiking: np.ndarray
    spikes: np.ndarray


class AllSynapses(AbstractProcess):
    """Takes the spikes of all compartments and gives the sums that arrive at them in the next step."""

    def __init__(self, tables: SynapseTables) -> None:
        super().__init__(tables=tables, name="synapses")
        self.s_in = InPort(shape=(tables.n_compartments,))
        self.a_out = OutPort(shape=(tables.n_compartments,))


@implements(proc=AllSynapses, protocol=AsyncProtocol)
@requires(CPU)
class AllSynapsesModel(PyAsyncProcessModel):
    """Runs in compiled code, under Lava's asynchronous protocol."""

    s_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32)
    a_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        tables: SynapseTables = proc_params["tables"]
        n = tables.n_compartments
        self._tables = tables
        self._step = 0
        self._arriving = np.zeros((2 + int(tables.segments.delay.max(initial=0)), n), np.int32)
        self._fired_inputs = np.zeros(8 * tables.inputs.shape[1], np.int64)
        self._fired, self._before = np.zeros(n, np.int64), np.zeros(n + 1, np.int64)

    def run_async(self) -> None:
        """Do the steps of one run; inputs are read while the neurons compute."""
        tables, arriving = self._tables, self._arriving
        for row in range(self.num_steps):
            self._step += 1
            now = arriving[self._step % len(arriving)]
            self.a_out.send(now)
            now[:] = 0
            n_inputs = kernels.read_inputs(
                tables.inputs[row], tables.n_compartments, tables.segments, arriving, self._step, self._fired_inputs
            )
            kernels.read_spikes(
                self.s_in.recv(),
                tables.segments,
                arriving,
                self._step,
                self._fired_inputs,
                n_inputs,
                self._fired,
                self._before,
                tables.spiking,
                tables.spikes[row],
            )
