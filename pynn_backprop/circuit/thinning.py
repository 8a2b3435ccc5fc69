"""Which presynaptic neurons learn in a sample, if not all do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..checks import check_count
from ..errors import InputError
from .connectivity import AllToAll

STRIDE, ADVANCE = 7, 5
MAX_THINNING = 128


@dataclass(frozen=True)
class Thinning(AllToAll):
    """All to all: each neuron of a rotor of k neurons keeps all but every k-th neuron from learning.

    Rotor neuron c inhibits every neuron i but those with (7 i + 5 c) mod k = 0.  Since k has no common divisor with 7
    and 5, every neuron is left out k - 1 times of k, and neighbours learn in different samples.

    Parameters
    ----------
    k
        Neurons of the rotor.
    inhibition
        The weight of a synapse that inhibits; the others are 0.
    """

    name: ClassVar[str] = "thinning"
    k: int
    inhibition: int

    def weights(self, n_pre: int, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.weights`."""
        turn = (STRIDE * np.arange(n_post) + ADVANCE * np.arange(n_pre)[:, None]) % self.k
        return np.where(turn == 0, 0, self.inhibition).astype(np.int64)

    def weight_in_words(self, weight: int | None) -> str:
        """See :meth:`Connectivity.weight_in_words`."""
        return f"{self.inhibition:+d} or 0 (every {self.k}th)"


def check_thinning(name: str, k: object) -> int:
    """A number of which every k-th neuron can learn in turn.

    Parameters
    ----------
    name
        What the argument is called.
    k
        What was given.

    Raises
    ------
    InputError
        If it is no whole number from 1 on, too large, or a multiple of 5 or 7, with which some neurons would never
        learn.
    """
    k = check_count(name, k, 1, MAX_THINNING)
    if math.gcd(k, STRIDE * ADVANCE) > 1:
        raise InputError(f"{name} is {k} but must be no multiple of {ADVANCE} or {STRIDE}, for example {k - 1}")
    return k
