"""Recording of spikes and membrane potentials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import quantities as pq
from pyNN import recording

from pynn_backprop.errors import InputError

from . import simulator
from .running import POTENTIAL, SPIKES


class Recorder(recording.Recorder):
    """What was recorded of one population: PyNN asks for it here, and the running network brings it here.

    The first sample of a potential is that of the moment when recording starts, that of step k follows k timesteps
    later.
    """

    _simulator = simulator

    def __init__(self, population: Any = None, file: Any = None) -> None:
        super().__init__(population, file)
        self._every = 1
        self._cells: dict[str, np.ndarray] = {}
        self._spikes: list[tuple[np.ndarray, np.ndarray]] = []
        self._potentials: list[np.ndarray] = []
        self._drop()

    # -- what the running network brings ---------------------------------------------------------------------------

    def cells(self, variable: str) -> np.ndarray:
        """IDs of the cells of which a variable is recorded, sorted, int (n_cells,)."""
        if variable not in self._cells:
            recorded = self.recorded.get(recording.Variable(variable, None, None), ())
            self._cells[variable] = np.array(sorted(recorded), np.int64)
        return self._cells[variable]

    def begin(self, potentials: np.ndarray) -> None:
        """Take note of the cells of which something will be brought, and of their potentials in mV, (n_cells,)."""
        self.brought = {variable: self.cells(variable) for variable in (SPIKES, POTENTIAL)}
        self._first = potentials

    def add_spikes(self, steps: np.ndarray, cells: np.ndarray) -> None:
        """Steps and IDs of spikes, int (n_spikes,) each."""
        self._spikes.append((steps, cells))

    def add_potentials(self, potentials: np.ndarray) -> None:
        """Potentials in mV of the next steps, shape (n_steps, n_cells)."""
        self._potentials.append(potentials)

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps and IDs of all spikes that were brought since the last call, or since they were cleared."""
        steps, cells = self._all_spikes()
        self._spikes.clear()
        return steps, cells

    def take_potentials(self) -> tuple[int, np.ndarray]:
        """The step of the first sample, and all samples since the last call, in mV, shape (1 + n_steps, n_cells)."""
        start, samples = self._start, self._all_potentials()
        self._forget_potentials(samples)
        return start, samples

    def _all_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        none = np.zeros(0, np.int64)
        steps, cells = zip((none, none), *self._spikes, strict=True)
        return np.concatenate(steps), np.concatenate(cells)

    def _all_potentials(self) -> np.ndarray:
        return np.concatenate([self._first[None], *self._potentials])

    def _drop(self) -> None:
        self._spikes.clear()
        self._potentials.clear()
        self.brought = {variable: np.zeros(0, np.int64) for variable in (SPIKES, POTENTIAL)}
        self._first = np.zeros(0)
        self._start = 0

    def _forget_potentials(self, samples: np.ndarray) -> None:
        """Drop them, but for the last, which is the first of what follows."""
        self._potentials.clear()
        self._first = samples[-1]
        self._start = simulator.state.step

    # -- what PyNN asks for ----------------------------------------------------------------------------------------

    def record(
        self, variables: Any, ids: Iterable[Any], sampling_interval: float | None = None, locations: Any = None
    ) -> None:
        """Record variables of these cells; the first run decides what can be recorded until the next ``reset``."""
        ids = list(ids)
        for variable in self._localize_variables(variables, locations):
            brought = self.brought.get(variable.name, ())
            if not np.isin(np.array(ids, np.int64), brought).all():
                simulator.state.check_not_started(f"beginning to record {variable.name!r} of {self.population.label!r}")
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
        if len(self._first):
            self._forget_potentials(self._all_potentials())

    def _get_spiketimes(self, ids: Iterable[Any], clear: bool = False) -> tuple[np.ndarray, np.ndarray]:
        steps, cells = self._all_spikes()
        wanted = np.isin(cells, np.array(ids, np.int64))
        return cells[wanted], steps[wanted] * simulator.state.dt

    def _get_all_signals(self, variable: Any, ids: list[Any], clear: bool = False) -> tuple[np.ndarray, None]:
        columns = np.searchsorted(self.brought[POTENTIAL], np.array(ids, np.int64))
        return self._all_potentials()[:: self._every, columns], None

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
