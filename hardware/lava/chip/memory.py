"""How synapses fill a core's memory: the bits of each, and the words that a list of them takes.

[3] is nengo-loihi's count of synaptic memory, as in :mod:`hardware.lava.translation.ranges`.
"""

from __future__ import annotations

import numpy as np

from ..translation import ranges

WEIGHT_WIDTHS = (1, 2, 3, 4, 5, 6, 8)
"""Bits that a weight may take in memory [3]."""

INDEX_WIDTHS = (6, 7, 8, 9, 10, 11, 12)
"""Bits that the number of a postsynaptic compartment may take in memory [3]."""

LIST_LENGTH = 64
"""Synapses in a list at most: their number takes 6 bits [3]."""

LIST_HEADER = 4 + 6
"""Bits at the start of a list: its format and its number of synapses [3]."""

WORD = 64
"""A list takes whole words of this many bits [3]."""


def weight_bits(weights: np.ndarray, plastic: bool) -> int:
    """Bits that a weight of a projection takes: 8 if plastic, else the fewest that hold all mantissas.

    n bits hold the multiples of 2**(8 - n), of mixed sign those of 2**(9 - n) [3].
    """
    if plastic:
        return WEIGHT_WIDTHS[-1]
    # The largest power of two that divides all mantissas is the lowest bit that any of them has.
    bits = int(np.bitwise_or.reduce(np.abs(weights))) or 2**8
    divisor = bits & -bits
    needed = 8 + (ranges.sign_mode(weights, plastic).step == 2) - (divisor.bit_length() - 1)
    return _width(WEIGHT_WIDTHS, needed)


def delay_bits(longest: int) -> int:
    """Bits that a delay takes in a projection whose longest is this: none if all are 0."""
    return int(longest).bit_length()


def index_bits(compartments: int) -> int:
    """Bits that tell which of this many compartments of a core a synapse goes to."""
    return _width(INDEX_WIDTHS, (compartments - 1).bit_length())


def _width(allowed: tuple[int, ...], needed: int) -> int:
    return next((width for width in allowed if width >= needed), allowed[-1])


def synapse_bits(synapses: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Memory for what one input axon reaches in one format [3].

    Parameters
    ----------
    synapses
        How many there are, int of any shape.
    width
        Bits of each, int of the same shape: weight, delay, and the index if they are not in a row.

    Returns
    -------
    numpy.ndarray
        Bits, int64 of the same shape: lists of up to 64 synapses, each in whole words.
    """
    full, rest = np.divmod(synapses, LIST_LENGTH)
    return full * _words(LIST_LENGTH * width) + np.where(rest > 0, _words(rest * width), 0)


def _words(bits: np.ndarray) -> np.ndarray:
    return -(-(LIST_HEADER + bits) // WORD) * WORD
