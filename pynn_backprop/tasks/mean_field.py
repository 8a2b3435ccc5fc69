r"""Exact graded transfer of current-based leaky neurons in the mean field: S = (tau/T) exp(T/tau).

The law.  Populations have synaptic currents with :math:`\tau \dot I = -I + S m`, and rates
:math:`m = [I + I_{gate} - g_0]^+`; a gating pulse of length T with :math:`I_{gate} = g_0` opens one after the other.
While population j is open no input arrives at it, its current decays, and its rate is :math:`I_j e^{-t/\tau}`.  The
current of the next population, 0 at first, is then :math:`I_{j+1}(t) = S I_j (t/\tau) e^{-t/\tau}`, and at the end of
the
window

.. math:: I_{j+1} / I_j = S \, (T/\tau) \, e^{-T/\tau} ,

which is 1 for :math:`S = (\tau/T) e^{T/\tau}`.

The spiking network.  A population of N leaky integrate-and-fire neurons (PyNN's IF_curr_exp, synaptic time constant
tau) has a threshold-linear rate when its neurons have evenly spread thresholds: neuron k is given an offset current
that makes it fire for synaptic currents above (k + 1/2)/N of the largest.  A membrane time constant far below the
refractory time lets an active neuron fire once every tau_refrac + dt, so that m = gain [I]^+ with gain = N / (largest
(tau_refrac + dt)); S is in units of 1/gain.  If T is a whole number of these intervals, the discrete spikes bring no
error: each arrives with the weight exp(-t/tau) and has exp(-(T - t)/tau) of it left at the end.  It is the graded
code again, with levels that stand still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def transfer_strength(ratio: float) -> float:
    """The strength S of an exact transfer for a window of `ratio` synaptic time constants."""
    return float(np.exp(ratio) / ratio)


@dataclass(frozen=True)
class LeakyPopulation:
    """IF_curr_exp neurons with evenly spread thresholds.  Times in ms, currents in nA, potentials in mV.

    Parameters
    ----------
    n
        Neurons.
    tau_syn
        Synaptic time constant.
    tau_m, cm, tau_refrac, v_rest, v_reset, v_thresh
        As in PyNN.
    largest
        Synaptic current that stands for the value 1.
    gate
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
        """Offset current of each neuron: with the gate's pulse it fires for I > largest (k + 1/2) / n."""
        rheobase = (self.v_thresh - self.v_rest) * self.cm / self.tau_m
        return rheobase - self.gate - self.largest * (np.arange(self.n) + 0.5) / self.n

    def gain(self, dt: float) -> float:
        """Spikes per ms of the whole population for a synaptic current of 1 nA, with a time step of `dt`."""
        return self.n / (self.largest * (self.tau_refrac + dt))


def simulate_chain(
    population: LeakyPopulation, strength: float, window: float, value: float, populations: int = 6, dt: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """A chain of gated populations with all-to-all synapses, integrated exactly between steps.

    Parameters
    ----------
    population
        The neurons.
    strength
        S.
    window
        Length T of the gating window in ms.
    value
        Synaptic current of the first population when its window opens, as a share of the largest.

    Returns
    -------
    tuple
        Number of spikes in each window, shape (populations,), and the synaptic currents in nA, shape
        (steps, populations).
    """
    p = population
    steps = round(window / dt)
    weight = strength / (p.tau_syn * p.gain(dt))
    syn, mem = np.exp(-dt / p.tau_syn), np.exp(-dt / p.tau_m)
    resistance = p.tau_m / p.cm
    # Exact step of the membrane for a decaying synaptic current.
    transfer = (syn - mem) / (1 / p.tau_m - 1 / p.tau_syn) / p.cm
    current = np.zeros(populations)
    current[0] = value * p.largest
    v = np.full((populations, p.n), p.v_rest) + (p.offsets * resistance)
    refractory = np.zeros((populations, p.n))
    counts, trace = np.zeros(populations), []
    for step in range(steps * populations):
        opened = step // steps
        if step % steps == 0 and opened == 0:
            current[0] = value * p.largest
        constant = p.offsets + p.gate * (np.arange(populations) == opened)[:, None]
        v_new = p.v_rest + (v - p.v_rest) * mem + constant * resistance * (1 - mem) + (current * transfer)[:, None]
        v = np.where(refractory > 0, p.v_reset, v_new)
        refractory = np.maximum(refractory - dt, 0.0)
        refractory[refractory < dt / 2] = 0.0
        fired = v >= p.v_thresh
        v[fired] = p.v_reset
        refractory[fired] = p.tau_refrac
        spikes = fired.sum(axis=1)
        current *= syn
        current[1:] += weight * spikes[:-1]
        counts += spikes
        trace.append(current.copy())
    return counts, np.array(trace)
