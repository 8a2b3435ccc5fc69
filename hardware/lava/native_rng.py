"""The simulator's own random numbers, which here are numpy's: everything random is drawn on the host."""

from __future__ import annotations

from pyNN.random import NumpyRNG


class NativeRNG(NumpyRNG):
    """What other simulators call their own generator; here it gives the numbers of NumpyRNG of the same seed."""
