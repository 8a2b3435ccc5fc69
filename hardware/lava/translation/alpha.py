r"""A synaptic current that rises and falls, in two compartments' integers.

PyNN's alpha current of weight w is :math:`w\,\frac{e}{\tau}\,t\,e^{-t/\tau}`.  A dendrite whose u and v both decay with
:math:`P = e^{-\Delta t/\tau}` has, n steps after a spike that adds :math:`w'` to u, :math:`v = w' (n + 1) P^n`, which
the cell adds to its own v.  Exact integration (Rotter and Diesmann, Biol Cybern 81:381, 1999) adds
:math:`P^n (a + b n)` instead, where a is about half of b: the held current has the same shape half a step earlier.
:math:`w'` is such that both bring the same charge.
"""

from __future__ import annotations

import numpy as np

from .decays import response
from .ranges import UNITY

SERIES = 1e-4
"""Below this a difference of rates times the timestep is small enough for two terms of a series."""

LONGEST = 20_000
"""Steps of a response that are looked at to find its largest error."""


def alpha_terms(tau_m: np.ndarray, tau_s: np.ndarray, cm: np.ndarray, timestep: float) -> tuple[np.ndarray, np.ndarray]:
    """What exact integration adds to V in mV for a current of 1 nA: a and b of the module's equation, float (size,)."""
    rate = 1 / tau_s - 1 / tau_m
    x = rate * timestep
    with np.errstate(invalid="ignore", divide="ignore"):
        ramp = np.where(
            np.abs(x) < SERIES,
            timestep**2 * (1 / 2 - x / 3),
            (1 - (1 + x) * np.exp(-x)) / np.where(x == 0, 1, rate) ** 2,
        )
    first = np.e / tau_s
    return (
        first / cm * np.exp(-timestep / tau_m) * ramp,
        first * timestep * response(tau_m, tau_s, cm, timestep),
    )


def alpha_scale(tau_m: np.ndarray, tau_s: np.ndarray, cm: np.ndarray, decay: np.ndarray, timestep: float) -> np.ndarray:
    """What a weight of 1 nA adds to u of the dendrite, in mV, float (size,); `decay` is held, in 4096ths a step."""
    a, b = alpha_terms(tau_m, tau_s, cm, timestep)
    kept, lost = np.exp(-timestep / tau_s), decay / UNITY
    charge = a / -np.expm1(-timestep / tau_s) + b * kept / np.expm1(-timestep / tau_s) ** 2
    return charge * lost**2


def alpha_error(tau_m: float, tau_s: float, decay_m: int, decay_s: int, timestep: float) -> float:
    """Largest difference of the held potential from the exact one after a spike, relative to the largest potential."""
    # It takes half a second to import, which every network would wait for, and few have such currents.
    from scipy.signal import lfilter

    one = np.ones(1)
    a, b = (float(term[0]) for term in alpha_terms(tau_m * one, tau_s * one, one, timestep))
    scale = float(alpha_scale(tau_m * one, tau_s * one, one, decay_s * one, timestep)[0])
    n = np.arange(min(LONGEST, int(8 * (tau_m + tau_s) / timestep) + 10))
    exact = (a + b * n) * np.exp(-n * timestep / tau_s)
    held = scale * (n + 1) * (1 - decay_s / UNITY) ** n
    leak = [1.0, -np.exp(-timestep / tau_m)], [1.0, -(1 - decay_m / UNITY)]
    potential = lfilter([1.0], leak[0], exact), lfilter([1.0], leak[1], held)
    return float(np.abs(potential[1] - potential[0]).max() / np.abs(potential[0]).max())
