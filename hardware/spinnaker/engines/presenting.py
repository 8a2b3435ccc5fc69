"""Samples as spikes of a circuit's sources, and what its output answers: for engines that run from rest each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.spikes import Spikes


@dataclass(frozen=True)
class Presentation:
    """A stretch of samples.

    Cycle 0 starts the ring; idle cycles follow until every rotor is where the first sample is to meet it.

    Parameters
    ----------
    circuit
        What they are shown to.
    sources
        Which neurons of each source fire, bool (n_samples, size) by name.
    number
        Of the first sample, from the start of training: rotors and noise depend on it.
    shown
        How many samples were shown before, which circuit time counts.
    """

    circuit: Circuit
    sources: dict[str, np.ndarray]
    number: int
    shown: int

    @property
    def n_samples(self) -> int:
        """How many are shown."""
        return len(next(iter(self.sources.values())))

    @property
    def first(self) -> int:
        """The step in which the first sample starts."""
        return (1 + self.number % self.circuit.period) * self.circuit.schedule.length

    @property
    def steps(self) -> int:
        """Steps from rest until the last sample has been shown."""
        return self.first + self.n_samples * self.circuit.schedule.length

    @property
    def answered(self) -> np.ndarray:
        """The steps in which the output answers, int (n_samples,)."""
        schedule = self.circuit.schedule
        return np.asarray(self.first + schedule.output + schedule.length * np.arange(self.n_samples))

    def spikes(self) -> Spikes:
        """Of the sources, rows of step and neuron."""
        length = self.circuit.schedule.length
        fires = self.sources | self.circuit.noise(self.number + np.arange(self.n_samples))
        tables = {name: np.argwhere(fired) * np.array([length, 1]) for name, fired in fires.items()}
        start = np.array([[length - 1, 0]])
        return {name: table + np.array([self.first, 0]) for name, table in tables.items()} | {"start": start}

    def in_circuit_time(self, table: np.ndarray) -> np.ndarray:
        """Spikes of the samples in circuit time, in which the s-th that was shown starts in cycle s + 1."""
        inside = table[(self.first <= table[:, 0]) & (table[:, 0] < self.steps)]
        return np.asarray(inside + np.array([(1 + self.shown) * self.circuit.schedule.length - self.first, 0]))

    def counted(self, table: np.ndarray, size: int) -> np.ndarray:
        """Spikes of a population in the output phase of each sample, int64 (n_samples, size)."""
        sample, phase = np.divmod(table[:, 0] - self.first, self.circuit.schedule.length)
        answers = (sample >= 0) & (phase == self.circuit.schedule.output)
        found = np.zeros((self.n_samples, size), np.int64)
        np.add.at(found, (sample[answers], table[answers, 1]), 1)
        return found
