"""What a sample takes on many processes of NEST: a model of its parts, for ``measure_scaling.py``.

Every process goes through every step and exchanges what fired; neurons and synapses are shared out.  What is not shared
out says where more processes stop helping.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

BYTES_A_SPIKE = 8
"""Of NEST's ``SpikeData``: thread, synapse type, place among the connections and lag, in 64 bits."""

Point = tuple[int, int]
"""Processes, and threads of each."""


@dataclass(frozen=True)
class Work:
    """What a sample makes the simulator do.

    Parameters
    ----------
    steps, neurons, synapses : int
        Of a cycle; of the network.
    spikes, events : float
        Spikes a sample, and the synapses that they reach.
    """

    steps: int
    neurons: int
    synapses: int
    spikes: float
    events: float


@dataclass(frozen=True)
class Silence:
    """ns of a step in which nothing fires.

    Parameters
    ----------
    step : dict of (int, int) to float
        Of no neurons, by processes and threads; more than on one are exchanges and waiting.
    neuron : float
        Of one more.
    """

    step: Mapping[Point, float]
    neuron: float

    @property
    def waiting(self) -> float:
        """What a second process adds to a step, by exchanging nothing and waiting."""
        return self.step[2, 1] - self.step[1, 1]


@dataclass(frozen=True)
class Model:
    """What a sample takes on n processes of t threads.

    Parameters
    ----------
    silence : Silence
        Of steps without spikes.
    event : float
        ns of a synapse that a spike reaches, all included that a sample takes besides silent steps; it grows with the
        network, which leaves the caches.
    byte : float
        ns of a byte that a process hands to an exchange.
    """

    silence: Silence
    event: float
    byte: float

    @classmethod
    def fitted(cls, silence: Silence, byte: float, work: Work, ms: float) -> Model:
        """With the event that makes a network right on one process.

        Parameters
        ----------
        silence, byte
            As above.
        work, ms
            Of a sample, and what it took.
        """
        left = 1e6 * ms - work.steps * (silence.step[1, 1] + work.neurons * silence.neuron)
        return cls(silence, left / work.events, byte)

    def ms(self, work: Work, point: Point, volume: float) -> float:
        """Of a sample, where a step was measured.

        Parameters
        ----------
        work
            Of the sample.
        point
            Processes and threads.
        volume
            Bytes that a process hands to an exchange.
        """
        n, t = point
        return self._sum(work, self.silence.step[point] + (n > 1) * volume * self.byte, n * t)

    def ms_on_paper(self, work: Work, n: int, volume: float, round_trip: float) -> float:
        """Of a sample on n processes of one thread, which exchange in log2(n) rounds.

        Parameters
        ----------
        work, volume
            As in :meth:`ms`; the volume hardly depends on n, for each process hands each spike to all.
        n
            How many processes.
        round_trip
            ns of a round.
        """
        return self._sum(work, self.silence.step[1, 1] + math.log2(n) * round_trip + volume * self.byte, n)

    def best(self, work: Work, round_trip: float) -> float:
        """How many processes are quickest: where the derivative of :meth:`ms_on_paper` is 0."""
        return max(1.0, self._shared(work) * math.log(2) / (work.steps * round_trip))

    def _sum(self, work: Work, step: float, parts: int) -> float:
        return (work.steps * step + self._shared(work) / parts) / 1e6

    def _shared(self, work: Work) -> float:
        """ns of a sample that processes and threads share."""
        return work.steps * work.neurons * self.silence.neuron + work.events * self.event
