"""What users hold in their hands: PyNN Populations that give all that they recorded, as on any PyNN network.

A network takes the spikes out of the simulator after each run, so that neither memory nor reading grows with the length
of a training.  Here PyNN's recorders are taught to keep what was taken, of the cells that a user has asked for; those
that the network records for itself alone are not kept, and not shown.  PyNN has no place for this: the recorder of each
Population gets a class that is derived from its own.

Data of a handle are in the simulator's time, with all its pauses;
:meth:`~pynn_backprop.simulation.network.Network.take_spikes` gives circuit time.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyNN.recording import Variable

from ..errors import PlatformError
from ..interfaces import Session
from ..processes import Processes, world
from .gathering import all_spikes

SPIKES, POTENTIAL = "spikes", "v"


@dataclass
class Handle:
    """What is known of the recording of one PyNN Population.

    Parameters
    ----------
    population
        The Population.
    session
        Takes its spikes.
    check
        Raises a PlatformError if the network can't be used any more.
    started
        Whether the network has run.
    taken_v
        Whether the network itself takes the potential of the Population away after each run.
    keeps
        Whether what the network was told to record is kept for users.
    processes
        All that have a part of the Population.
    """

    population: Any
    session: Session
    check: Callable[[], None]
    started: Callable[[], bool]
    taken_v: bool
    keeps: bool
    asked: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))
    dropped: set[Any] = field(default_factory=set)
    cleared: float = 0.0
    processes: Processes = field(default_factory=world)
    _kept: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        recorder = self.population.recorder
        recorder.__class__ = _of_handles(recorder.__class__)
        recorder.handle = self
        self._segment = self._present_segment()

    def _present_segment(self) -> Any:
        return getattr(self.population.recorder._simulator.state, "segment_counter", None)

    def watch(self, population: Any, variable: str, ours: bool) -> None:
        """Record a variable of the Population or of a view of it, for users or for the network's own use."""
        recorder = self.population.recorder
        recorder.record_unseen(variable, population.all_cells)
        if not ours and self.keeps:
            self.asked[variable].update(population.all_cells)
        elif not ours:
            self.dropped.update(population.all_cells)

    @property
    def has_users(self) -> bool:
        """Whether a user asked for any spikes."""
        return bool(self.asked[SPIKES])

    def here(self, ids: set[Any]) -> set[Any]:
        """Those cells that are this process's: PyNN gathers what each of them has."""
        return ids if self.processes.size == 1 else ids.intersection(self.population.local_cells)

    def check_kept(self, cells: Iterable[Any] | None = None) -> None:
        """Refuse to give the spikes of cells, all if None, where they are not kept."""
        if self.dropped and (cells is None or self.dropped.intersection(cells)):
            raise PlatformError(
                f"the spikes of {self.population.label!r} are not kept: they go to whoever runs the network, by "
                "take_spikes; a Network that you make yourself keeps those of record=..."
            )

    def take(self) -> tuple[np.ndarray, np.ndarray]:
        """Times in ms and neurons of the spikes since the last call, shape (n_spikes,) each."""
        times, neurons = self.session.take_spikes(self.population)
        if self.has_users:
            wanted = np.isin(neurons, self._places(self.asked[SPIKES]))
            self._kept.append((times[wanted], neurons[wanted]))
        return times, neurons

    def _places(self, ids: Iterable[Any]) -> np.ndarray:
        """Where in the Population cells are, int, shape (n_cells,)."""
        return np.array([int(cell) for cell in ids], np.int64) - int(self.population.first_id)

    def kept(self) -> tuple[np.ndarray, np.ndarray]:
        """Times in ms and neurons of what was taken and kept, shape (n_spikes,) each."""
        present = self._present_segment()
        if present != self._segment:
            # The simulator was reset: PyNN has put what there was into a segment of its own.
            self._segment, self._kept, self.cleared = present, [], 0.0
        if len(self._kept) > 1:
            times, neurons = zip(*self._kept, strict=True)
            self._kept = [(np.concatenate(times), np.concatenate(neurons))]
        return self._kept[0] if self._kept else (np.zeros(0), np.zeros(0, np.int64))

    def spikes(self, neurons: slice) -> tuple[np.ndarray, np.ndarray] | None:
        """Times in ms, and neurons counted from the first one, of some neurons; None unless all were asked for."""
        asked = self._places(self.asked[SPIKES])
        if not np.isin(np.arange(neurons.start, neurons.stop), asked).all():
            return None
        cells, times = self.population.recorder.all_spikes(self.population.all_cells[neurons])
        return times, cells - int(self.population.first_id) - neurons.start

    def forget(self, before: float) -> None:
        """Drop the spikes that were taken up to a time in ms."""
        times, neurons = self.kept()
        later = times > before
        self._kept, self.cleared = [(times[later], neurons[later])], before

    def check_new(self, variable: str, ids: set[Any]) -> None:
        """Refuse to begin recording what can't be recorded as PyNN promises."""
        if not ids - self.asked[variable]:
            return
        label = self.population.label
        if variable != SPIKES and self.taken_v:
            raise PlatformError(
                f"{variable!r} can't be recorded of cells of {label!r}: the network takes the potential of its probe "
                "there after each run (infer gives it); Options(layout='separate') leaves the other populations free"
            )
        if self.started():
            raise PlatformError(
                f"{variable!r} can't be recorded of further cells of {label!r}: recording begins with the first run, "
                "which has been; call record before it, or name populations in record=... of the Network"
            )


@functools.cache
def _of_handles(recorder_class: Any) -> type:
    return type(recorder_class.__name__, (_Keeping, recorder_class), {})


class _Keeping:
    """Goes before a PyNN Recorder; every method has the name and the meaning that PyNN gives it."""

    handle: Handle
    population: Any
    recorded: Any

    def record_unseen(self, variable: str, ids: Iterable[Any]) -> None:
        """Record without a user having asked."""
        super().record(variable, ids)  # type: ignore[misc]

    def record(self, variables: Any, ids: Iterable[Any], sampling_interval: Any = None, locations: Any = None) -> None:
        """Record what is not recorded yet; refused where it can't begin any more."""
        names, ids = [variables] if isinstance(variables, str) else list(variables), set(ids)
        for name in names:
            self.handle.check_new(name, ids)
        new = [name for name in names if ids - self.handle.asked[name]]
        if new:
            super().record(new, ids, sampling_interval, locations)  # type: ignore[misc]
        for name in new:
            self.handle.asked[name] |= ids

    def all_spikes(self, ids: Any) -> tuple[np.ndarray, np.ndarray]:
        """Cells and times in ms of what was kept and of what the simulator has recorded since, on all processes."""
        times, cells = all_spikes(self.handle.processes, *super()._get_spiketimes(ids)[::-1])  # type: ignore[misc]
        return self._with_kept(ids, cells, times)

    def reset(self) -> None:
        """Forget what users asked for; what the network records for itself goes on."""
        self.handle.asked.clear()

    def get(self, variables: Any, *args: Any, **keywords: Any) -> Any:
        """The data as a Neo block."""
        self.handle.check()
        return super().get(variables, *args, **keywords)  # type: ignore[misc]

    def _get_current_segment(self, filter_ids: Any = None, variables: Any = "all", clear: bool = False) -> Any:
        self.handle.check_kept(filter_ids)
        every, self.recorded = self.recorded, defaultdict(set)
        for name, ids in self.handle.asked.items():
            wanted = ids if filter_ids is None else ids.intersection(filter_ids)
            if wanted:
                self.recorded[Variable(name, None, None)] = self.handle.here(wanted)
        try:
            return super()._get_current_segment(filter_ids, variables, clear)  # type: ignore[misc]
        finally:
            self.recorded = every

    def _get_spiketimes(self, ids: Any, clear: bool = False) -> tuple[np.ndarray, np.ndarray]:
        return self._with_kept(ids, *super()._get_spiketimes(ids))  # type: ignore[misc]

    def _with_kept(self, ids: Any, cells: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        kept_times, neurons = self.handle.kept()
        kept = neurons + int(self.population.first_id)
        ours = np.isin(kept, np.array([int(cell) for cell in ids])) & (kept_times <= self._simulator.state.t)  # type: ignore[attr-defined]
        return np.concatenate((kept[ours], cells)), np.concatenate((kept_times[ours], times))

    def _get_all_signals(self, variable: Any, ids: Any, clear: bool = False) -> tuple[np.ndarray, Any]:
        """Since the data were cleared last: the simulator goes on with all of them, for PyNN loses count otherwise."""
        asked = sorted(self.handle.here(self.handle.asked[variable.name]))
        self.recorded[variable] = set(asked)
        signals, times = super()._get_all_signals(variable, asked)  # type: ignore[misc]
        if not asked:  # all of them are other processes'
            return signals, times
        first = round(self.handle.cleared / self.sampling_interval)  # type: ignore[attr-defined]
        return signals[first:, np.searchsorted(asked, ids)], times

    def _local_count(self, variable: Any, filter_ids: Any = None) -> dict[int, int]:
        self.handle.check()
        self.handle.check_kept(filter_ids)
        asked = self.handle.asked[variable.name]
        ids = sorted(self.handle.here(asked if filter_ids is None else asked.intersection(filter_ids)))
        cells, _ = self._get_spiketimes(ids) if ids else (np.zeros(0), None)
        found, counts = np.unique(cells, return_counts=True)
        number = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return {int(cell): number.get(int(cell), 0) for cell in ids}

    def _clear_simulator(self) -> None:
        if SPIKES in {variable.name for variable in self.recorded}:
            self.handle.take()
        self.handle.forget(self._simulator.state.t)  # type: ignore[attr-defined]
