"""Which steps of a simulator show which samples: cycles, pauses and the start of the ring, as pure arithmetic.

A simulator's time goes on from run to run, and what sources are told to do too soon is lost.  Between runs there are
therefore idle cycles, in which the ring goes round and no sample is shown; *circuit time*, in which spikes are
recorded, leaves them out.  The ring starts in cycle 0, rotors in cycle 1, and none ever stops.
"""

from __future__ import annotations

import math

import numpy as np


class Clock:
    """Counts the cycles of a network that runs on a simulator; all times are in steps.

    Parameters
    ----------
    length
        Phases of a cycle.
    earliest
        How many steps after the present one a source can fire first
        (:attr:`~pynn_backprop.interfaces.Traits.earliest_source_step`).
    period
        Cycles until all rotors are where they were; sample s is to meet what they do in cycle s modulo this number.

    Attributes
    ----------
    ring_start
        The step of the spike that starts the ring.
    """

    def __init__(self, length: int, earliest: int, period: int = 1) -> None:
        self.length, self.earliest, self.period = length, earliest, period
        self.ring_start = length - 1
        self._cycles = 0  # of the simulator: those of samples, and idle ones
        self._shown = self._skipped = 0

    @property
    def end(self) -> int:
        """The step in which the last cycle that was booked ends."""
        return self._cycles * self.length

    def skip(self, samples: int) -> None:
        """Count samples from here on as if this many more had been shown before."""
        self._skipped += samples

    def numbers(self, n_samples: int) -> np.ndarray:
        """Numbers of the next samples since the start of training, int (n_samples,)."""
        return self._skipped + self._shown + np.arange(n_samples)

    def ring_starts_too_soon(self, now: float) -> bool:
        """Whether the ring's first spike is so close that setting the times of its source would lose it."""
        return now <= self.ring_start < now + self.earliest

    def book(self, n_samples: int, now: float) -> np.ndarray:
        """The steps in which the cycles of the next samples start, int (n_samples,), after a pause of idle cycles.

        Parameters
        ----------
        n_samples
            How many are shown in one run.
        now
            The simulator's present step.
        """
        self._cycles += self._pause(now)
        starts = (self._cycles + np.arange(n_samples)) * self.length
        self._cycles += n_samples
        return starts

    def _pause(self, now: float) -> int:
        """Idle cycles before the next sample, so that its first spikes are not yet in the simulator's past."""
        idle = max(1, math.ceil((now + self.earliest) / self.length) - self._cycles)
        ahead = 1 + self._skipped + self._shown - self._cycles - idle
        return idle + ahead % self.period

    def shift(self, starts: np.ndarray) -> int:
        """What to add to the simulator's steps of the samples that were booked last, to have them in circuit time.

        There the first sample that is shown starts after one idle cycle, however many were skipped, and the others
        follow one another.
        """
        return int((1 + self._shown) * self.length - starts[0])

    def done(self, n_samples: int) -> None:
        """The samples that were booked last have been shown."""
        self._shown += n_samples
