"""All compartments in one process: Lava's own fixed-point LIF, with its variables in shared memory."""

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


@dataclass(frozen=True)
class NeuronTables:
    """What the parent and the process share.

    Parameters
    ----------
    u, v, threshold, bias_mantissa, bias_exponent
        Int32 (n,), shared; the parent may change them between runs.
    du, dv
        Lava's decays: a number, or int64 (n,).
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
    watched: np.ndarray
    potentials: np.ndarray


class Neurons(LIF):
    """A LIF process of any size; the compartments' parameters are in its tables."""

    def __init__(self, tables: NeuronTables) -> None:
        super().__init__(shape=tables.u.shape, tables=tables, name="neurons")


@implements(proc=Neurons, protocol=AsyncProtocol)
@requires(CPU)
class NeuronsModel(PyAsyncProcessModel, PyLifModelBitAcc):
    """Lava's bit-accurate LIF under Lava's asynchronous protocol: one command starts a whole run.

    The arithmetic is Lava's, ``PyLifModelBitAcc.run_spk``.  Decays that differ between compartments are arrays; Lava's
    arithmetic takes them element by element.
    """

    implements_process = None
    implements_protocol = None

    def run_async(self) -> None:
        """Do the steps of one run."""
        tables: NeuronTables = self.proc_params["tables"]
        self.u, self.v, self.vth = tables.u, tables.v, tables.threshold
        self.bias_mant, self.bias_exp = tables.bias_mantissa, tables.bias_exponent
        self.du, self.dv = tables.du, tables.dv
        self.isbiasscaled = self.isthrscaled = False
        for row in range(self.num_steps):
            self.run_spk()
            if len(tables.watched):
                tables.potentials[row] = self.v[tables.watched]

    def scale_bias(self) -> None:
        """Once in a run; Lava does it in every step."""
        if not self.isbiasscaled:
            super().scale_bias()
