"""The shift of a ring buffer: how sPyNNaker 1!7.4.1 chooses it, and which one it is told to use.

A ring buffer holds 16 bits of the sum of weights that arrive in a step.  With the shift s they are multiples of
2**(s - 15) mV, up to 2**s.  sPyNNaker takes the smallest s with which the sum that it expects fits, and rounds every
weight to that unit, without a word.  Told to expect at most 32,767 mV it takes 15: whole numbers, up to 65,535.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .description import RECEPTORS, Connections

WHOLE = 15
"""The shift with which weights are whole numbers; below it they are finer."""

RING = 16
"""Bits of a ring buffer, and of a stored weight."""


def shift_for(expected: float) -> int:
    """The shift for a largest expected sum, in mV: the smallest s from 0 on with expected < 2**s."""
    shift = math.ceil(max(0.0, math.log2(expected))) if expected > 0 else 0
    return shift + 1 if 2**shift <= expected else shift


def chosen_shifts(projections: Sequence[Connections], sizes: dict[str, int]) -> tuple[int, int]:
    """The shifts that sPyNNaker chooses by itself for a population, excitatory and inhibitory.

    It expects every presynaptic neuron to fire at once, over the most synapses that any neuron has and with the largest
    weight of the projection.  Where the delays of a projection differ it may expect less; then this is a bound.

    Parameters
    ----------
    projections
        Those that end at the population.
    sizes
        Neurons of each population.
    """
    found = []
    for receptor in RECEPTORS:
        chosen = [projection for projection in projections if projection.receptor == receptor]
        found.append(shift_for(sum(_expected(projection, sizes) for projection in chosen)))
    return found[0], found[1]


def _expected(projection: Connections, sizes: dict[str, int]) -> float:
    if not len(projection.weight):
        return 0.0
    most = int(np.bincount(projection.targets, minlength=sizes[projection.post]).max())
    return most * float(np.abs(projection.weight).max())
