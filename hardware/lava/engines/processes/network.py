"""A whole network in one process: Lava's own fixed-point LIF for all compartments, with our synapses around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires
from lava.magma.core.model.py.model import PyAsyncProcessModel
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.async_protocol import AsyncProtocol
from lava.proc.lif.models import PyLifModelBitAcc
from lava.proc.lif.process import LIF

from ..synapses import Bounds, Synapses, SynapseTables, bounds


@dataclass(frozen=True)
class NeuronTables:
    """What the parent and the process share.

    Parameters
    ----------
    u, v, threshold, bias_mantissa, bias_exponent
        Int32 (n,), shared; the parent may change them between runs.
    du, dv
        Lava's decays: a number, or int64 (n,).
    forgets
        Bool (n,): which compartments keep nothing from step to step.
    watched
        Int (n_watched,): compartments whose v is recorded.
    potentials
        Int32 (horizon, n_watched), shared: v after each step of a run.
    """

    u: np.ndarray
    v: np.ndarray
    threshold: np.ndarray
    bias_mantissa: np.ndarray
    bias_exponent: np.ndarray
    du: Any
    dv: Any
    forgets: np.ndarray
    watched: np.ndarray
    potentials: np.ndarray

    def state(self, part: slice) -> tuple[np.ndarray, np.ndarray, Any, Any]:
        """Views of u and v of neighbouring compartments, and their decays."""
        du, dv = (decay[part] if np.ndim(decay) else decay for decay in (self.du, self.dv))
        return self.u[part], self.v[part], du, dv


class Network(LIF):
    """A LIF process of any size; the compartments' parameters and the synapses are in its tables.

    Lava's ports are left unconnected: nothing but commands has to be sent.
    """

    def __init__(self, neurons: NeuronTables, synapses: SynapseTables) -> None:
        super().__init__(shape=neurons.u.shape, neurons=neurons, synapses=synapses, name="network")


@implements(proc=Network, protocol=AsyncProtocol)
@requires(CPU)
class NetworkModel(PyAsyncProcessModel, PyLifModelBitAcc):
    """Lava's bit-accurate LIF under Lava's asynchronous protocol: one command starts a whole run.

    The arithmetic is Lava's, what ``PyLifModelBitAcc.run_spk`` does between its two messages, element by element, for
    all compartments from the first to the last that is not at rest.  At rest is one that keeps nothing from step to
    step and does not fire by itself, after a step in which nothing arrived: its u and v stay as they are.
    """

    implements_process = None
    implements_protocol = None
    effective_bias: np.ndarray
    effective_vth: np.ndarray

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._tables: NeuronTables = proc_params["neurons"]
        self._synapses = Synapses(proc_params["synapses"])

    def run_async(self) -> None:
        """Do the steps of one run."""
        tables, synapses = self._tables, self._synapses
        self.bias_mant, self.bias_exp, self.vth = tables.bias_mantissa, tables.bias_exponent, tables.threshold
        # What the parent may have changed; Lava would scale the biases anew in every step.
        self.scale_bias()
        self.scale_threshold()
        bias, threshold = self.effective_bias, self.effective_vth
        restless = bounds(np.flatnonzero(~tables.forgets | (bias > threshold)))
        reached_before = Bounds(0, len(bias))
        for row in range(self.num_steps):
            reached = synapses.begin_step()
            part = slice(*reached.with_others(reached_before, restless))
            reached_before = reached
            self.effective_bias, self.effective_vth = bias[part], threshold[part]
            self.u, self.v, self.du, self.dv = tables.state(part)
            self.subthr_dynamics(synapses.arriving(part))
            spiked = self.spiking_activation()
            self.reset_voltage(spiked)
            synapses.hand_on(part.start + np.flatnonzero(spiked), row)
            if len(tables.watched):
                tables.potentials[row] = tables.v[tables.watched]
