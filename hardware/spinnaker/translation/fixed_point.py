r"""Numbers with 15 bits below the point, s16.15, as the code on a SpiNNaker core computes with them.

A number x is the 32-bit integer round(x * 2**15).  Addition and subtraction wrap round; a product keeps the low 32 bits
of the product shifted down by 15, without rounding or saturation.  The sources are sPyNNaker 1!7.4.1: the host's
conversion (``DataType.S1615``), and the instructions of its binary ``IF_curr_delta.aplx``, which tests execute.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ...integers import Range

UNIT = 2**15
"""1.0."""

RAW = Range(-(2**31), 2**31 - 1)
"""What a word holds."""

LARGEST = RAW.high / UNIT
"""The largest number, 65535.99997."""

NOTHING_LEFT = 10.397
"""A decay over more time constants than this is exactly 0 on the core, so that nothing is left of the potential."""


def to_raw(values: ArrayLike) -> np.ndarray:
    """Numbers as the host writes them, int64; one that is beyond a word stays beyond it, for the checks."""
    return np.rint(np.asarray(values, float) * UNIT).astype(np.int64)


def to_float(raw: ArrayLike) -> np.ndarray:
    """What words mean, float."""
    return np.asarray(raw, np.int64) / UNIT


def quotient(dividend: int, divisor: int) -> int:
    """The core's division of two positive numbers, raw: fractions are cut off.

    Parameters
    ----------
    dividend, divisor
        Raw; the divisor must not be 0, by which a core divides without a word.
    """
    return (dividend << 15) // divisor


def decay(timestep: int, time_constant: int) -> int:
    """What is left of a potential after a step, raw.

    Parameters
    ----------
    timestep, time_constant
        Raw, in ms.

    Returns
    -------
    int
        exp(-timestep / time_constant); exactly 0 where a core gives 0 (:data:`NOTHING_LEFT`), else to the nearest.
        The core's own last bit may be another one there; :mod:`hardware.spinnaker.chip.validate` refuses such cells.
    """
    exponent = quotient(timestep, time_constant) / UNIT
    return 0 if exponent > NOTHING_LEFT else round(math.exp(-exponent) * UNIT)
