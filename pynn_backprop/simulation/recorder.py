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
        outputs = ("o",) if circuit.matrices else ()
        self.watched = tuple(dict.fromkeys((*self.kept, *outputs)))
        self._spikes: dict[str, list[np.ndarray]] = {name: [] for name in self.kept}
        self.started = False
        self._shown: list[_Shown] = []

    def after_run(
        self, handles: Mapping[str, Handle], starts: np.ndarray, shift: int, labels: np.ndarray | None
    ) -> np.ndarray:
        """Keep the spikes of a run, and return the outputs, bool of shape (n, n_out).

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

        Raises
        ------
        EqualityError
            If a neuron that only samples can drive fires where none is shown.
        """
        length, schedule = self._circuit.schedule.length, self._circuit.schedule
        first, last = starts[0], starts[-1] + length
        outputs = np.zeros((len(starts), self._circuit.neurons[-1]), bool)
        self.started = True
        if any(handle.has_users for handle in handles.values()):
            told = np.full(len(starts), NO_LABEL) if labels is None else np.asarray(labels, np.int64)
            self._shown.append(_Shown(int(first), int(last), shift, told))
        for name, fired in self._taken(handles).items():
            inside = (first <= fired[:, 0]) & (fired[:, 0] < last)
            if self._circuit[name].role not in CLOCKED and not inside.all():
                raise EqualityError(f"{name!r} fires at step {fired[~inside][0, 0]}, where no sample is shown")
            if name in self._spikes:
                self._spikes[name].append(fired[inside] + np.array([shift, 0]))
            if name == "o":
                sample, phase = np.divmod(fired[inside][:, 0] - first, length)
                forward = phase == schedule.output
                outputs[sample[forward], fired[inside][forward, 1]] = True
        return outputs

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
