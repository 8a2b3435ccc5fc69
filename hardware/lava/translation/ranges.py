"""The integers that a Loihi chip has for the state of a compartment, a synapse and a learning rule.

[1]
    Davies et al., "Loihi: a neuromorphic manycore processor with on-chip learning", IEEE Micro 38(1) (2018).
[2]
    The fixed-point process models of lava-nc 0.10.0, which state the widths of Loihi's registers.
[3]
    nengo-loihi 1.0 (Applied Brain Research), a compiler for the chip: its checks, its allocator and its count of
    synaptic memory.
[4]
    Brian2Loihi (Michaelis et al., Front. Neuroinform. 16 (2022)): ranges of the parameters.
[5]
    The public tutorials of Intel's NxSDK, on the memory for delayed input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...integers import Range

# -- the state of a compartment ----------------------------------------------------------------------------------------

CURRENT_DECAY = Range(0, 4095)
"""du: 12 bits; the chip adds 1, so that 4095 leaves no current [2]."""

VOLTAGE_DECAY = Range(0, 4096)
"""dv: 12 bits and an offset of 0 or 1 that all compartments of a core share; with the offset 4095 is 4096, which leaves
no voltage, and 0 can't be had on the same core [2, 5]."""

NO_VOLTAGE_LEFT, ALL_VOLTAGE_LEFT = VOLTAGE_DECAY.high, VOLTAGE_DECAY.low

UNITY = VOLTAGE_DECAY.high
"""A decay of 100 % in one step; the chip adds 1 to du, so that du = 4095 means this."""

THRESHOLD = Range(0, 2**17 - 1)
"""Mantissa of the threshold, in units of 2**6 [2, 3, 4]."""

BIAS_MANTISSA = Range(-4096, 4095)
"""13 bits with the sign [2]."""

BIAS_EXPONENT = Range(0, 7)
"""3 bits [2, 3]."""

REFRACTORY = Range(1, 63)
"""6 bits [4]: a compartment that spikes in step s integrates again in step s + this; 1 means no pause."""

STATE = 2**23
"""u and v stay below it in magnitude: 24 bits with the sign; u wraps round, v is clipped [2, 3]."""

ACCUMULATOR = 2**15
"""What arrives at a compartment in one step stays below it in magnitude, in units of 2**6: 21 bits and the sign, 6 of
them below the point [3].  Lava has no such limit."""

INPUT_SHIFT = 6
"""A weight acts as its mantissa times 2**(6 + exponent) [2, 3, 4]."""

FINER = 2**INPUT_SHIFT
"""Units of u, v and the bias in one unit of the mantissas of thresholds, and of weights with exponent 0."""

# -- synapses ----------------------------------------------------------------------------------------------------------

WEIGHT_EXPONENT = Range(-8, 7)
"""Of a format, 4 bits [4]."""

DELAY = Range(0, 62)
"""6 bits [1]: a spike of step t acts in step t + 1 + delay; of 64 steps one is being filled and one being read [5]."""


@dataclass(frozen=True)
class SignMode:
    """What weights of one format have in common.

    Parameters
    ----------
    name
        ``mixed signs``, ``excitatory`` or ``inhibitory``.
    weights
        The mantissas that 8 bits hold.
    step
        Their distance: one of the 8 bits is the sign if it is mixed.
    """

    name: str
    weights: Range
    step: int

    def holds(self, weights: ArrayLike) -> np.ndarray:
        """Which of the mantissas can be represented, bool of the same shape."""
        return self.weights.holds(weights) & (np.asarray(weights) % self.step == 0)

    def __str__(self) -> str:
        """For messages."""
        numbers = "an even number" if self.step == 2 else "a whole number"
        return f"{numbers} from {self.weights.low} to {self.weights.high} ({self.name})"


MIXED = SignMode("mixed signs", Range(-256, 254), 2)
EXCITATORY = SignMode("excitatory", Range(0, 255), 1)
INHIBITORY = SignMode("inhibitory", Range(-255, 0), 1)


def sign_mode(weights: np.ndarray, plastic: bool) -> SignMode:
    """The sign mode of a projection: mixed if its weights have both signs or learn [2]."""
    low, high = np.min(weights, initial=0), np.max(weights, initial=0)
    if plastic or low < 0 < high:
        return MIXED
    return INHIBITORY if low < 0 else EXCITATORY


# -- learning ----------------------------------------------------------------------------------------------------------

LEARNING_MANTISSA = Range(1, 7)
"""Magnitude of the factor of a product in a learning rule, times a power of two: 4 bits with the sign [2]."""

TRACE = 2**7 - 1
"""Largest value of a trace: 7 bits [2]."""

TRACE_IMPULSE = 32
"""What a spike adds to a trace in pair-based STDP: almost four spikes at once fit."""

PAIR_SCALE = 2**16
"""Factors of pair-based STDP are in units of this part of the weight mantissa."""

LEARNING_CHANGE = 2**8 - 1
"""Largest product in a learning rule, in units of the weight: 15 bits, 7 of them below the point [2, 3]."""

LEARNING_WEIGHTS = Range(-256, 254)
"""Where the chip itself clips a plastic weight of mixed sign: the ends of its format [3].  Lava clips at -256 and 255,
and rounds the latter at random [2]."""


def _etas() -> tuple[int, ...]:
    """Even changes whose double, the larger product of the rule, is a mantissa times a power of two."""
    mantissas = range(LEARNING_MANTISSA.low, LEARNING_MANTISSA.high + 1)
    products = {mantissa << shift for mantissa in mantissas for shift in range(LEARNING_CHANGE.bit_length())}
    return tuple(sorted(eta for eta in products if eta % MIXED.step == 0 and 2 * eta <= LEARNING_CHANGE))


ETAS = _etas()
"""The eta that a chip's learning rule ``2 eta x0 y0 y1 - eta x0 y0`` can have, with weights of mixed sign."""
