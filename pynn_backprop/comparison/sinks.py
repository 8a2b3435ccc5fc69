"""Where the spikes of a pass go, run by run: the standard's are kept, all others compared with them and forgotten."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..circuit.circuit import Circuit
from ..spikes import Difference, Spikes, between, first_difference, merged
from .checks import keys
from .result import SpikeComparison

AROUND = 1
"""How many cycles before and after that of the first difference are kept to be drawn."""


class Sink(Protocol):
    """Takes the spikes of a pass."""

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        """Take the spikes of the next run, which has the steps from `first_step` to before `last_step`."""


class Kept:
    """Keeps spikes, in half the space."""

    def __init__(self) -> None:
        self._parts: list[Spikes] = []

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        """See :meth:`Sink.take`."""
        self._parts.append({name: table.astype(np.int32) for name, table in spikes.items()})

    def spikes(self) -> Spikes:
        """All of them."""
        return merged(self._parts)


class Against:
    """Compares spikes with those of the standard.

    Parameters
    ----------
    standard : dict of str to numpy.ndarray, shape (n_spikes, 2)
        The spikes of the whole pass.
    circuit : Circuit
        What fires.
    names : tuple of two str
        What the standard and the other platform are called.
    """

    def __init__(self, standard: Spikes, circuit: Circuit, names: tuple[str, str]) -> None:
        self._standard, self._circuit, self._names = standard, circuit, names
        self._compared = 0
        self._differing = dict.fromkeys(standard, 0)
        self._first: Difference | None = None
        self._around: tuple[Spikes, Spikes] | None = None

    def take(self, spikes: Spikes, first_step: int, last_step: int) -> None:
        """See :meth:`Sink.take`."""
        expected = between(self._standard, first_step, last_step)
        for name, table in expected.items():
            self._compared += len(table)
            if not np.array_equal(table, spikes[name]):
                size = self._circuit[name].size
                self._differing[name] += len(np.setxor1d(keys(table, size), keys(spikes[name], size)))
        if self._first is None:
            self._first = first_difference(expected, spikes, self._circuit, self._names)
            self._around = _around(self._first, self._circuit, expected, spikes)

    def result(self) -> SpikeComparison:
        """What was found."""
        return SpikeComparison(self._compared, self._differing, self._first, self._around)


def _around(first: Difference | None, circuit: Circuit, one: Spikes, other: Spikes) -> tuple[Spikes, Spikes] | None:
    if first is None:
        return None
    length, cycle = circuit.schedule.length, first.sample + 1
    steps = (cycle - AROUND) * length, (cycle + AROUND + 1) * length
    return between(one, *steps), between(other, *steps)
