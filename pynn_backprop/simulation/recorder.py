"""What a network has recorded: spikes by population of the circuit, in circuit time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..circuit.circuit import Circuit
from ..errors import EqualityError
from ..spikes import NO_LABEL, Spikes, Stretch, between, merged, sorted_spikes
from .handles import Handle

CLOCKED = ("gate", "reinforcement", "source")
"""Roles that fire in every cycle, or in the first one, whether a sample is shown or not."""


@dataclass(frozen=True)
class _Shown:
    """The samples of a run."""

    first: int
    """The simulator's step in which the first one started."""
    stop: int
    shift: int
    labels: np.ndarray


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

    Attributes
    ----------
    started
        Whether there was a run.
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
        self.started = False
        self._shown: list[_Shown] = []

    def after_run(
        self, handles: Mapping[str, Handle], starts: np.ndarray, shift: int, labels: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Keep the spikes of a run, and return what the output answers.

        Parameters
        ----------
        handles
            Where to take them from: PyNN Populations by the name of the group.
        starts
            The simulator's steps in which the cycles of the n samples started.
        shift
            From the simulator's steps to circuit time.
        labels
            Labels of the samples, integers of shape (n,), if they were shown with labels.

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
        self.started = True
        if any(handle.has_users for handle in handles.values()):
            told = np.full(len(starts), NO_LABEL) if labels is None else np.asarray(labels, np.int64)
            self._shown.append(_Shown(int(first), int(last), shift, told))
        for name, fired in self._taken(handles).items():
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

    def _taken(self, handles: Mapping[str, Handle]) -> Spikes:
        """What the simulator recorded since the last run, in its own time, by population of the circuit."""
        taken, found = {}, {}
        for name in self.watched:
            group, neurons = self._places[name]
            if group not in found:
                times, numbers = handles[group].take()
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

    def stretches(self, handles: Mapping[str, Handle]) -> list[Stretch]:
        """What users' handles have, in circuit time: one stretch of all samples since data were cleared, if any.

        Parameters
        ----------
        handles
            By the name of the group.
        """
        tables, since = {}, 0.0
        for name, (group, neurons) in self._places.items():
            fired = handles[group].spikes(neurons)
            if fired is not None:
                tables[name] = sorted_spikes(np.rint(fired[0] / self._timestep), fired[1])
                since = max(since, handles[group].cleared / self._timestep)
        runs = [run for run in self._shown if run.first >= since]
        if not runs:
            return []
        parts = [
            {name: table + np.array([run.shift, 0]) for name, table in between(tables, run.first, run.stop).items()}
            for run in runs
        ]
        first = (runs[0].first + runs[0].shift) // self._circuit.schedule.length - 1
        return [Stretch(first, np.concatenate([run.labels for run in runs]), merged(parts))]
