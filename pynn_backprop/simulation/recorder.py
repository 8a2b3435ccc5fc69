"""What a network has recorded: spikes by population of the circuit, in circuit time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..circuit.circuit import Circuit
from ..errors import EqualityError
from ..interfaces import Session
from ..spikes import Spikes, sorted_spikes

CLOCKED = ("gate", "reinforcement", "source")
"""Roles that fire in every cycle, or in the first one, whether a sample is shown or not."""


class Recorder:
    """Takes spikes from the simulator run by run.

    Parameters
    ----------
    circuit
        What runs.
    record
        Names of the populations whose spikes are kept.
    places
        The group of each population, and where in it its neurons are.
    timestep
        One step of the circuit, in ms.
    """

    def __init__(
        self, circuit: Circuit, record: Iterable[str], places: Mapping[str, tuple[str, slice]], timestep: float
    ) -> None:
        self._circuit, self._places, self._timestep = circuit, places, timestep
        self.kept = tuple(circuit[name].name for name in record)
        outputs = ("o", *circuit.readout) if circuit.matrices else ()
        # Some of a read-out's thresholds are below a drive of 0.
        clocked = {population.name for population in circuit.populations if population.role in CLOCKED}
        self._clocked = clocked.union(circuit.readout)
        self.watched = tuple(dict.fromkeys((*self.kept, *outputs)))
        self._spikes: dict[str, list[np.ndarray]] = {name: [] for name in self.kept}

    def after_run(
        self, session: Session, populations: Mapping[str, Any], starts: np.ndarray, shift: int
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Keep the spikes of a run, and return what the output answers.

        Parameters
        ----------
        session, populations
            Where to take them from: PyNN Populations by the name of the group.
        starts
            The simulator's steps in which the cycles of the n samples started.
        shift
            From the simulator's steps to circuit time.

        Returns
        -------
        outputs
            Bool, shape (n, n_out): which neurons of the output fired.
        readout
            Integers, shape (n, n_out): how many of the read-out did for each of these; None if there is none.

        Raises
        ------
        EqualityError
            If a neuron that only samples can drive fires where none is shown.
        """
        circuit, length = self._circuit, self._circuit.schedule.length
        first, last = starts[0], starts[-1] + length
        answers = np.zeros((len(starts), circuit.neurons[-1]), bool)
        readout = np.zeros(answers.shape, np.int64)
        for name, fired in self._taken(session, populations).items():
            inside = (first <= fired[:, 0]) & (fired[:, 0] < last)
            if name not in self._clocked and not inside.all():
                raise EqualityError(f"{name!r} fires at step {fired[~inside][0, 0]}, where no sample is shown")
            if name in self._spikes:
                self._spikes[name].append(fired[inside] + np.array([shift, 0]))
            if name == "o" or name in circuit.readout:
                sample, phase = np.divmod(fired[inside][:, 0] - first, length)
                forward = phase == circuit.schedule.output
                place = sample[forward], fired[inside][forward, 1]
                if name == "o":
                    answers[place] = True
                else:
                    readout[place] += 1
        return answers, readout if circuit.readout else None

    def _taken(self, session: Session, populations: Mapping[str, Any]) -> Spikes:
        """What the simulator recorded since the last run, in its own time, by population of the circuit."""
        taken, found = {}, {}
        for name in self.watched:
            group, neurons = self._places[name]
            if group not in found:
                times, numbers = session.take_spikes(populations[group])
                found[group] = sorted_spikes(np.rint(times / self._timestep), numbers)
            fired = found[group]
            ours = (neurons.start <= fired[:, 1]) & (fired[:, 1] < neurons.stop)
            taken[name] = fired[ours] - np.array([0, neurons.start])
        return taken

    def take(self) -> Spikes:
        """What was kept since this was last called."""
        empty = np.zeros((0, 2), np.int64)
        taken = {name: np.concatenate([empty, *tables]) for name, tables in self._spikes.items()}
        self._spikes = {name: [] for name in self.kept}
        return taken
