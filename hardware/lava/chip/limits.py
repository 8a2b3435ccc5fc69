"""The limits of a Loihi chip, with their sources.

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

What the chip does with weights, and how lists of synapses fill a core's memory, is in :func:`sign_mode`,
:func:`weight_bits` and :func:`synapse_bits`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# -- the chip ----------------------------------------------------------------------------------------------------------

CORES = 128
"""Cores on a chip [1]."""

COMPARTMENTS = 1024
"""Compartments on a core, if none of its synapses has a delay above 6; see :func:`compartments_for` [1]."""

SYNAPSE_MEMORY = 128 * 1024 * 8
"""Bits of synaptic memory on a core: 128 KB [1], 1,048,576 bits [3]."""

INPUT_AXONS = 4096
"""Entries in a core's table of input axons [1, 3]."""

OUTPUT_AXONS = 4096
"""Entries in a core's table of output axons: one for each core and list that a compartment's spike goes to [1, 3]."""

PLASTIC_ENTRIES = 2
"""Entries that an input axon with plastic synapses takes: one for its synapses and one for its trace [3]."""

DECAY_PROFILES = 32
"""Different pairs of decays on a core [3]."""

THRESHOLD_PROFILES = 8
"""Different thresholds on a core [3]."""

SYNAPSE_FORMATS = 16
"""Different formats of synapses on a core: a list names its format in 4 bits [3]."""

LEARNING_UPDATE_NS = 6.1
"""Time in ns for one update of a plastic synapse, from simulation before silicon [1, table 2: pairwise STDP]."""

# -- the state of a compartment ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Range:
    """Whole numbers from `low` to `high`, both included."""

    low: int
    high: int

    def holds(self, values: ArrayLike) -> np.ndarray:
        """Which of the values are within, bool of the same shape."""
        values = np.asarray(values)
        return (self.low <= values) & (values <= self.high)

    def __str__(self) -> str:
        """For messages."""
        return f"a whole number from {self.low:,} to {self.high:,}"


CURRENT_DECAY = Range(0, 4095)
"""du: 12 bits; the chip adds 1, so that 4095 leaves no current [2]."""

VOLTAGE_DECAY = Range(0, 4096)
"""dv: 12 bits and an offset of 0 or 1 that all compartments of a core share; with the offset 4095 is 4096, which leaves
no voltage, and 0 can't be had on the same core [2, 5]."""

NO_VOLTAGE_LEFT, ALL_VOLTAGE_LEFT = VOLTAGE_DECAY.high, VOLTAGE_DECAY.low

THRESHOLD = Range(0, 2**17 - 1)
"""Mantissa of the threshold, in units of 2**6 [2, 3, 4]."""

BIAS_MANTISSA = Range(-4096, 4095)
"""13 bits with the sign [2]."""

BIAS_EXPONENT = Range(0, 7)
"""3 bits [2, 3]."""

STATE = 2**23
"""u and v stay below it in magnitude: 24 bits with the sign; u wraps round, v is clipped [2, 3]."""

ACCUMULATOR = 2**15
"""What arrives at a compartment in one step stays below it in magnitude, in units of 2**6: 21 bits and the sign, 6 of
them below the point [3].  Lava has no such limit."""

INPUT_SHIFT = 6
"""A weight acts as its mantissa times 2**(6 + exponent) [2, 3, 4]."""

# -- synapses ----------------------------------------------------------------------------------------------------------

WEIGHT_EXPONENT = Range(-8, 7)
"""Of a format, 4 bits [4]."""

WEIGHT_WIDTHS = (1, 2, 3, 4, 5, 6, 8)
"""Bits that a weight may take in memory [3]."""

INDEX_WIDTHS = (6, 7, 8, 9, 10, 11, 12)
"""Bits that the number of a postsynaptic compartment may take in memory [3]."""

DELAY = Range(0, 62)
"""6 bits [1]: a spike of step t acts in step t + 1 + delay; of 64 steps one is being filled and one being read [5]."""

LIST_LENGTH = 64
"""Synapses in a list at most: their number takes 6 bits [3]."""

LIST_HEADER = 4 + 6
"""Bits at the start of a list: its format and its number of synapses [3]."""

MEMORY_WORD = 64
"""A list takes whole words of this many bits [3]."""

_DELAY_SLOTS = 2**13
"""Places for delayed input on a core, 2**b for each compartment, b from 3 to 6 here [5]."""

_LEAST_SLOT_BITS = 3
"""With 8 places each there are as many compartments as a core has: [3] and [5] say so."""

# -- learning ----------------------------------------------------------------------------------------------------------

LEARNING_MANTISSA = Range(1, 7)
"""Magnitude of the factor of a product in a learning rule, times a power of two: 4 bits with the sign [2]."""

LEARNING_CHANGE = 2**8 - 1
"""Largest product in a learning rule, in units of the weight: 15 bits, 7 of them below the point [2, 3]."""

LEARNING_WEIGHTS = Range(-256, 254)
"""Where the chip itself clips a plastic weight of mixed sign: the ends of its format [3].  Lava clips at -256 and 255,
and rounds the latter at random [2]."""


@dataclass(frozen=True)
class SignMode:
    """What weights of one format have in common.

    Parameters
    ----------
    name
        ``mixed``, ``excitatory`` or ``inhibitory``.
    weights
        The mantissas that 8 bits hold.
    step
        Their distance: one of the 8 bits is the sign if it is mixed.
    """

    name: str
    weights: Range
    step: int

    def holds(self, weights: np.ndarray) -> np.ndarray:
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
    if plastic or (np.min(weights, initial=0) < 0 < np.max(weights, initial=0)):
        return MIXED
    return INHIBITORY if np.min(weights, initial=0) < 0 else EXCITATORY


def weight_bits(weights: np.ndarray, plastic: bool) -> int:
    """Bits that a weight of a projection takes: 8 if plastic, else the fewest that hold all mantissas.

    n bits hold the multiples of 2**(8 - n), of mixed sign those of 2**(9 - n) [3].
    """
    if plastic:
        return WEIGHT_WIDTHS[-1]
    # The largest power of two that divides all mantissas is the lowest bit that any of them has.
    lowest = int(np.bitwise_or.reduce(np.abs(np.asarray(weights, np.int64)), initial=0)) or 2**8
    divisor = lowest & -lowest
    needed = 8 + (sign_mode(weights, plastic).step == 2) - (divisor.bit_length() - 1)
    return _width(WEIGHT_WIDTHS, needed)


def delay_bits(longest: int) -> int:
    """Bits that a delay takes in a projection whose longest is this: none if all are 0."""
    return int(longest).bit_length()


def index_bits(compartments: int) -> int:
    """Bits that tell which of this many compartments of a core a synapse goes to."""
    return _width(INDEX_WIDTHS, (compartments - 1).bit_length())


def _width(allowed: tuple[int, ...], needed: int) -> int:
    return next((width for width in allowed if width >= needed), allowed[-1])


def compartments_for(longest_delay: int) -> int:
    """How many compartments a core has room for if its longest delay is this: 1,024 up to 6, 128 above 30 [5]."""
    bits = _LEAST_SLOT_BITS
    while longest_delay > 2**bits - 2:
        bits += 1
    return _DELAY_SLOTS // 2**bits


def synapse_bits(synapses: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Memory for what one input axon reaches in one format [3].

    Parameters
    ----------
    synapses
        How many there are, int of any shape.
    width
        Bits of each: weight, delay, and the index if they are not in a row.

    Returns
    -------
    numpy.ndarray
        Bits, int64 of the same shape: lists of up to 64 synapses, each in whole words.
    """
    full, rest = np.divmod(np.asarray(synapses, np.int64), LIST_LENGTH)
    return full * _words(LIST_LENGTH * width) + np.where(rest > 0, _words(rest * width), 0)


def _words(bits: np.ndarray) -> np.ndarray:
    return -(-(LIST_HEADER + bits) // MEMORY_WORD) * MEMORY_WORD


LIMITS = {
    "cores": CORES,
    "compartments_per_core": COMPARTMENTS,
    "synapse_memory_bits_per_core": SYNAPSE_MEMORY,
    "input_axons_per_core": INPUT_AXONS,
    "output_axons_per_core": OUTPUT_AXONS,
}
"""For reports."""
