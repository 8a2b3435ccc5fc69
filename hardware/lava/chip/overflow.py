"""Sums that could overflow if all excitatory (or all inhibitory) presynaptic neurons fired in one step.

All to all, this bound is far above what ever happens: it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...report import WARNING, Finding
from ..translation.network import DiscreteNetwork
from ..translation.ranges import ACCUMULATOR, FINER, INPUT_SHIFT, STATE, UNITY


def overflows(network: DiscreteNetwork) -> Iterator[Finding]:
    """A warning for the input of a step, for u, and for v, each if there are populations in which it could overflow."""
    sums = _largest_sums(network)
    highest = sums.max(axis=0)
    yield from _overflow(network, "the input of a step", highest, ACCUMULATOR, "a core adds up less than")
    # In the long run a constant input adds up to itself divided by the share that decays.
    u = highest * UNITY / (network.of_compartments("du") + 1)
    yield from _overflow(network, "u", u, STATE // FINER, "u wraps round, here and on the chip, at")
    yield from _overflow(network, "-v", _lowest_v(network, sums[1]), STATE // FINER, "v is clipped, below zero, at")


def _lowest_v(network: DiscreteNetwork, inhibition: np.ndarray) -> np.ndarray:
    """How far below 0 v can come in the long run where it is kept from step to step; 0 where it is not, in 2**6."""
    du, dv = network.of_compartments("du"), network.of_compartments("dv")
    bias = network.of_compartments("bias_mantissa") * 2.0 ** network.of_compartments("bias_exponent") / FINER
    driven = np.maximum(inhibition * UNITY / (du + 1) - bias, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(driven > 0, driven * UNITY / dv, 0.0)
    return np.where(dv == UNITY, 0.0, low)


def _largest_sums(network: DiscreteNetwork) -> np.ndarray:
    """Largest sums of excitatory and of inhibitory weights, in units of 2**6, that can arrive in a step, (2, n)."""
    sums = np.zeros((2, network.n_compartments))
    for synapses in network.synapses:
        scale = 2.0**synapses.exponent
        weight = np.asarray(synapses.weight, np.int64)
        for row, weights in zip(sums, (weight, -weight), strict=True):
            largest = np.full(len(weights), synapses.rule.w_max) if synapses.rule else np.maximum(weights, 0)
            row += np.bincount(synapses.post, largest * scale, network.n_compartments)
    return sums


def _overflow(network: DiscreteNetwork, what: str, sums: np.ndarray, limit: int, clause: str) -> Iterator[Finding]:
    """One warning for all populations in which a sum can reach the limit."""
    high = [part.label for part in network.populations if (sums[part.first : part.first + part.size] >= limit).any()]
    if high:
        where = f"population{'s' if len(high) > 1 else ''} {', '.join(map(repr, high))}"
        value = f"up to {sums.max():,.0f} if all presynaptic neurons of one sign fire at once,"
        yield Finding(WARNING, where, what, value, f"{clause} {limit:,} (in units of 2**{INPUT_SHIFT})")
