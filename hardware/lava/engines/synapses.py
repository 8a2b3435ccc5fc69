"""All synapses of a network, with their delays, plasticity, the spikes of inputs and the record of spikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import kernels
from .segments import Segments

NOT_RECORDED = -1


class Bounds(NamedTuple):
    """Neighbouring compartments, from the first to the one after the last."""

    first: int
    stop: int

    def with_others(self, *others: Bounds) -> Bounds:
        """The fewest neighbouring compartments that hold all of these."""
        everyone = (self, *others)
        first, stop = min(each.first for each in everyone), max(each.stop for each in everyone)
        return Bounds(min(first, stop), stop)


NOTHING = Bounds(np.iinfo(np.int64).max, 0)


def bounds(compartments: np.ndarray) -> Bounds:
    """Of ascending numbers."""
    return Bounds(int(compartments[0]), int(compartments[-1]) + 1) if len(compartments) else NOTHING


@dataclass(frozen=True)
class SynapseTables:
    """What the parent and the process share.

    Parameters
    ----------
    n_compartments
        Number of compartments.
    segments
        The synapses.
    inputs
        Uint8 (horizon, n_inputs / 8), shared: the spikes of inputs in each step of a run, one bit each.
    column
        Int32 (n_compartments,): of those whose spikes are recorded, the place in `spikes`; of others NOT_RECORDED.
    spikes
        Uint8 (horizon, n_recorded / 8), shared: the spikes in each step of a run, one bit each.
    """

    n_compartments: int
    segments: Segments
    inputs: np.ndarray
    column: np.ndarray
    spikes: np.ndarray


class Synapses:
    """Takes the spikes of all compartments step by step, and gives the sums that arrive at them; compiled.

    Parameters
    ----------
    tables
        See there.
    """

    def __init__(self, tables: SynapseTables) -> None:
        n, n_inputs = tables.n_compartments, 8 * tables.inputs.shape[1]
        self._tables = tables
        self._step = 0
        self._arriving = np.zeros((2 + int(tables.segments.delay.max(initial=0)), n), np.int32)
        self._reached = np.full((len(self._arriving), 2), NOTHING)
        self._fired = np.zeros(n + n_inputs, np.int64)

    @property
    def _slot(self) -> int:
        return self._step % len(self._arriving)

    def begin_step(self) -> Bounds:
        """Go on to the next step; says between which compartments something arrives in it."""
        self._step += 1
        first, stop = self._reached[self._slot].tolist()
        self._reached[self._slot] = NOTHING
        return Bounds(first, stop)

    def arriving(self, part: slice) -> np.ndarray:
        """The sums that arrive in this step at some compartments, int32; to be asked for once."""
        waiting = self._arriving[self._slot, part]
        sums = waiting.copy()
        waiting[:] = 0
        return sums

    def hand_on(self, spiking: np.ndarray, row: int) -> None:
        """Which compartments fire in this step, int64 (n_spikes,), sorted; `row` is that of the step in the tables."""
        tables = self._tables
        kernels.hand_on(
            spiking,
            tables.inputs[row],
            tables.segments,
            self._arriving,
            self._reached,
            self._step,
            self._fired,
            tables.column,
            tables.spikes[row],
        )
