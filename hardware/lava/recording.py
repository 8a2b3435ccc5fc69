"""Recording of spikes and membrane potentials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import quantities as pq
from pyNN import recording

from pynn_backprop.errors import InputError

from . import simulator
from .watched import POTENTIAL, SPIKES


class Recorder(recording.Recorder):
    """What was recorded of one population: PyNN asks for it here, and the running network brings it here.

    The first sample of a signal is that of the moment when recording starts, that of step k follows k timesteps later.
    Where cells are added later, their samples before are NaN.
    """

    _simulator = simulator

    def __init__(self, population: Any = None, file: Any = None) -> None:
        super().__init__(population, file)
        self._every = 1
        self._cells: dict[str, np.ndarray] = {}
        self._spikes: list[tuple[np.ndarray, np.ndarray]] = []
        self.brought: dict[str, np.ndarray] = {}
        self._first: dict[str, np.ndarray] = {}
        self._samples: dict[str, list[np.ndarray]] = {}
        self._start = 0

    # -- what the running network brings ---------------------------------------------------------------------------

    def cells(self, variable: str) -> np.ndarray:
        """IDs of the cells of which a variable is recorded, sorted, int (n_cells,)."""
        if variable not in self._cells:
            recorded = self.recorded.get(recording.Variable(variable, None, None), ())
            self._cells[variable] = np.array(sorted(recorded), np.int64)
        return self._cells[variable]

    def signals(self) -> tuple[str, ...]:
        """The variables, but for spikes, that can be recorded."""
        return tuple(name for name in self.population.celltype.recordable if name != SPIKES)

    def begin(self, first: dict[str, np.ndarray]) -> None:
        """Take note of the cells of which something will be brought, and of their signals, (n_cells,) by variable."""
        self.brought = {variable: self.cells(variable) for variable in (SPIKES, *self.signals())}
        self._first = first
        self._start = 0

    def go_on(self) -> None:
        """Take note of the cells of which something will be brought from now on."""
        for variable in self.signals():
            before, now = self.brought.get(variable, np.zeros(0, np.int64)), self.cells(variable)
            if not np.array_equal(before, now):
                self._rearrange(variable, before, now)
        self.brought = {variable: self.cells(variable) for variable in (SPIKES, *self.signals())}

    def _rearrange(self, variable: str, before: np.ndarray, now: np.ndarray) -> None:
        """Columns for other cells."""
        if variable not in self._first or not len(before):
            self._samples.pop(variable, None)
            n_steps = simulator.state.step - self._start
            self._first[variable] = np.full(len(now), np.nan)
            if n_steps:
                self._samples[variable] = [np.full((n_steps, len(now)), np.nan)]
            return
        samples = self._all_samples(variable)
        other = np.full((len(samples), len(now)), np.nan)
        both = np.intersect1d(before, now)
        other[:, np.searchsorted(now, both)] = samples[:, np.searchsorted(before, both)]
        self._first[variable], self._samples[variable] = other[0], [other[1:]]

    def add_spikes(self, steps: np.ndarray, cells: np.ndarray) -> None:
        """Steps and IDs of spikes, int (n_spikes,) each."""
        self._spikes.append((steps, cells))

    def add_samples(self, variable: str, samples: np.ndarray) -> None:
        """A signal of the next steps in PyNN's units, shape (n_steps, n_cells)."""
        self._samples.setdefault(variable, []).append(samples)

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps and IDs of all spikes that were brought since the last call, or since they were cleared."""
        steps, cells = self._all_spikes()
        self._spikes.clear()
        return steps, cells

    def take_potentials(self) -> tuple[int, np.ndarray]:
        """The step of the first sample, and all samples since the last call, in mV, shape (1 + n_steps, n_cells)."""
        start, samples = self._start, self._all_samples(POTENTIAL)
        self._forget_samples()
        return start, samples

    def _all_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        none = np.zeros(0, np.int64)
        steps, cells = zip((none, none), *self._spikes, strict=True)
        return np.concatenate(steps), np.concatenate(cells)

    def _all_samples(self, variable: str) -> np.ndarray:
        return np.concatenate([self._first.get(variable, np.zeros(0))[None], *self._samples.get(variable, [])])

    def _drop(self) -> None:
        self._spikes.clear()
        self.brought, self._first, self._samples = {}, {}, {}
        self._start = 0

    def _forget_samples(self) -> None:
        """Drop them, but for the last, which is the first of what follows."""
        self._first = {variable: self._all_samples(variable)[-1] for variable in self._first}
        self._samples.clear()
        self._start = simulator.state.step

    # -- what PyNN asks for ----------------------------------------------------------------------------------------

    @property
    def metadata(self) -> dict[str, Any]:
        """What PyNN annotates a Neo block with, and the engine that ran."""
        return {**super().metadata, "engine": simulator.state.engine}

    def record(
        self, variables: Any, ids: Iterable[Any], sampling_interval: float | None = None, locations: Any = None
    ) -> None:
        """Record variables of these cells, from the present time on."""
        ids = list(ids)
        if not any(self.recorded.values()):
            self._begin_anew()
        self._cells.clear()
        super().record(variables, ids, sampling_interval, locations)

    def _record(self, variable: Any, new_ids: Iterable[Any], sampling_interval: float | None = None) -> None:
        dt = simulator.state.dt
        interval = float(sampling_interval or self._every * dt)
        every = round(interval / dt)
        if every < 1 or abs(every * dt - interval) > 1e-6 * dt:
            raise InputError(
                f"sampling_interval is {interval:g} ms but must be a multiple of the timestep, {dt:g} ms; the nearest "
                f"is {max(every, 1) * dt:g} ms"
            )
        if variable.name != SPIKES:
            self._every, self.sampling_interval = every, every * dt

    def _reset(self) -> None:
        self._cells.clear()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._recording_start_time = simulator.state.t * pq.ms
        self._clear_simulator()

    def _clear_simulator(self) -> None:
        self._spikes.clear()
        self._forget_samples()

    def _get_spiketimes(self, ids: Iterable[Any], clear: bool = False) -> tuple[np.ndarray, np.ndarray]:
        steps, cells = self._all_spikes()
        wanted = np.isin(cells, np.array(ids, np.int64))
        return cells[wanted], steps[wanted] * simulator.state.dt

    def _get_all_signals(self, variable: Any, ids: list[Any], clear: bool = False) -> tuple[np.ndarray, None]:
        brought = self.brought.get(variable.name, np.zeros(0, np.int64))
        if not np.isin(np.array(ids, np.int64), brought).all():  # nothing has run since it was asked for
            return np.zeros((0, len(ids))), None
        columns = np.searchsorted(brought, np.array(ids, np.int64))
        return self._all_samples(variable.name)[:: self._every, columns], None

    def _local_count(self, variable: Any, filter_ids: Any = None) -> dict[int, int]:
        ids = sorted(self.filter_recorded(variable, filter_ids))
        _, cells = self._all_spikes()
        found, counts = np.unique(cells, return_counts=True)
        number = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return {int(i): number.get(int(i), 0) for i in ids}

    def store_to_cache(self, annotations: dict[str, Any] | None = None) -> None:
        """Keep what was recorded as a segment of its own; called by ``reset``."""
        super().store_to_cache(annotations)
        self._drop()
