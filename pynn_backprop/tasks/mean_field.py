r"""Exact graded transfer of current-based leaky neurons in the mean field: S = (tau/T) exp(T/tau).

The law.  Populations have synaptic currents with :math:`\tau \dot I = -I + S m`, and rates
:math:`m = [I + I_{gate} - g_0]^+`; a gating pulse of length T with :math:`I_{gate} = g_0` opens one after the other.
While population j is open no input arrives at it, its current decays, and its rate is :math:`I_j e^{-t/\tau}`.  The
current of the next population, 0 at first, is then :math:`I_{j+1}(t) = S I_j (t/\tau) e^{-t/\tau}`, and at the end of
the window

.. math:: I_{j+1} / I_j = S \, (T/\tau) \, e^{-T/\tau} ,

which is 1 for :math:`S = (\tau/T) e^{T/\tau}`.

The spiking network.  A population of N leaky integrate-and-fire neurons (PyNN's IF_curr_exp, synaptic time constant
tau) has a threshold-linear rate when its neurons have evenly spread thresholds: neuron k is given an offset current
that makes it fire for synaptic currents above (k + 1/2)/N of the largest.  A membrane time constant far below the
refractory time lets an active neuron fire once every interval r (the refractory time, on some simulators a step more),
so that m = gain [I]^+ with gain = N / (largest r); S is in units of 1/gain.  If T is a whole number of these intervals,
the discrete spikes bring no error: each arrives with the weight exp(-t/tau) and has exp(-(T - t)/tau) of it left at the
end.  It is the graded code again, with levels that stand still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def transfer_strength(ratio: float) -> float:
    """The strength S of an exact transfer.

    Parameters
    ----------
    ratio : float
        Length of the gating window in synaptic time constants, T/tau.

    Returns
    -------
    float
        In units of 1/gain.
    """
    return float(np.exp(ratio) / ratio)


@dataclass(frozen=True)
class LeakyPopulation:
    """IF_curr_exp neurons with evenly spread thresholds.  Times in ms, currents in nA, potentials in mV.

    Parameters
    ----------
    n : int
        Neurons.
    tau_syn : float
        Synaptic time constant.
    tau_m, cm, tau_refrac, v_rest, v_reset, v_thresh : float
        As in PyNN; cm in nF.
    largest : float
        Synaptic current that stands for the value 1.
    gate : float
        Current of the gating pulse.
    """

    n: int = 500
    tau_syn: float = 10.0
    tau_m: float = 0.02
    cm: float = 0.02
    tau_refrac: float = 0.4
    v_rest: float = -65.0
    v_reset: float = -50.5
    v_thresh: float = -50.0
    largest: float = 50.0
    gate: float = 100.0

    @property
    def offsets(self) -> np.ndarray:
        """Offset current of each neuron, shape (n,): with the gate's pulse it fires for I > largest (k + 1/2) / n."""
        rheobase = (self.v_thresh - self.v_rest) * self.cm / self.tau_m
        return rheobase - self.gate - self.largest * (np.arange(self.n) + 0.5) / self.n

    def gain(self, interval: float) -> float:
        """The slope of the rate of the whole population.

        Parameters
        ----------
        interval : float
            From spike to spike of an active neuron, in ms.

        Returns
        -------
        float
            Spikes per ms for a synaptic current of 1 nA.
        """
        return self.n / (self.largest * interval)
