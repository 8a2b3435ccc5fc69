"""A PyNN simulator of a page, for tests of what is built on one: memoryless neurons, and nothing that is not used.

Its backend can be given any traits, and what it reports can be falsified.  It is no reference for anything: the tests
of real simulators are in ``tests/platform``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from pynn_backprop.checks import check_choice
from pynn_backprop.interfaces import LONG, Options, Traits
from pynn_backprop.platforms import PyNNPlatform
from pynn_backprop.simulation.backends.common import block_matrix

TRAITS = Traits(
    simulator="Stand-in",
    fires_as_shipped=True,
    records_v_as_shipped=True,
    delay_offset=0,
    threshold_is_strict=True,
    shows_v_that_fires=True,
    refractory_may_differ=False,
    earliest_source_step=0,
    weight_scale_created=1.0,
    weight_scale_get=1.0,
    weight_scale_set=1.0,
    mixed_signs_accepted=True,
    update_visible_after={"plain": 1},
    samples_per_run=7,
    layout="separate",
    longest_delay=LONG,
)


def stand_in(options: Options | None = None, **traits: Any) -> PyNNPlatform:
    """A platform on a simulator of its own with these traits."""
    return PyNNPlatform(StandInSimulator(replace(TRAITS, **traits)), "stand-in", options)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class StandInBackend:
    """See :class:`pynn_backprop.interfaces.Backend`; keeps what it was asked for in `opened`."""

    name: str = "stand-in"
    module: str = "stand_in"
    package: str = "numpy"
    remedy: str = "nothing can be done"
    variants: tuple[str, ...] = ("auto", "plain")
    traits: Traits = TRAITS
    opened: list[dict[str, Any]] = field(default_factory=list)

    def check_options(self, options: Options) -> None:
        check_choice("variant", options.variant, self.variants)

    def import_simulator(self) -> Any:
        return StandInSimulator(self.traits)

    def describe(self, options: Options) -> dict[str, str]:
        return {self.traits.simulator: "1.0", "variant": "plain"}

    def open(
        self, sim: Any, options: Options, max_delay: float, timestep: float = 1.0, mended: bool = True
    ) -> StandInSession:
        self.opened.append({"options": options, "max_delay": max_delay, "timestep": timestep, "mended": mended})
        sim.setup(timestep=timestep)
        return StandInSession(sim)


class StandInSession:
    """See :class:`pynn_backprop.interfaces.Session`.

    Attributes
    ----------
    falsify_weights
        What is made of the weights that are read.
    invented_spikes
        By the name of a Population: rows of step and neuron to report besides, once.
    closed, settled
        How often.
    """

    def __init__(self, sim: StandInSimulator) -> None:
        self.sim = sim
        self.falsify_weights: Callable[[np.ndarray], np.ndarray] = lambda weights: weights
        self.invented_spikes: dict[str, list[tuple[int, int]]] = {}
        self.closed = self.settled = 0

    def connector(self, blocks: Any) -> Any:
        return blocks

    def static_synapse(self, **parameters: Any) -> Any:
        return SimpleNamespace(reinforcement=None)

    def hebbian_synapse(self, reinforcement: Any, **parameters: Any) -> Any:
        return SimpleNamespace(reinforcement=reinforcement, **parameters)

    def settle(self) -> None:
        self.settled += 1

    def take_spikes(self, population: Any) -> tuple[np.ndarray, np.ndarray]:
        rows = [*population.fired, *self.invented_spikes.pop(population.label, [])]
        population.fired.clear()
        steps, neurons = np.array(rows, float).reshape(-1, 2).T
        return steps * self.sim.timestep, neurons.astype(int)

    def take_potential(self, population: Any, neurons: slice, times: np.ndarray) -> np.ndarray:
        steps = np.rint(times / self.sim.timestep).astype(int)
        return np.array([population.potentials[step] for step in steps])[:, neurons]

    def read_weights(self, projection: Any, block: Any) -> np.ndarray:
        return self.falsify_weights(block_matrix(block, projection.i, projection.j, projection.weight))

    def close(self) -> None:
        self.closed += 1


class StandInSimulator:
    """What of a PyNN module is used."""

    __name__ = "stand_in"

    def __init__(self, traits: Traits = TRAITS) -> None:
        self.pynn_backprop_backend = StandInBackend(traits=traits)
        self.simulator = SimpleNamespace(state=SimpleNamespace(recorders=set()))
        self.timestep, self.ended = 1.0, 0
        self.setup()

    def setup(self, timestep: float = 1.0) -> None:
        self.timestep, self.step = timestep, 0
        self.simulator.state.recorders = self.recording = set()
        self.populations: list[StandInPopulation] = []
        self.projections: list[StandInProjection] = []

    def end(self) -> None:
        self.ended += 1

    @property
    def t(self) -> float:
        return self.get_current_time()

    def get_current_time(self) -> float:
        return self.step * self.timestep

    def SpikeSourceArray(self, spike_times: Any) -> Any:
        return SimpleNamespace(spike_times=spike_times)

    def IF_curr_delta(self, **parameters: Any) -> Any:
        return SimpleNamespace(**parameters)

    def Population(self, size: int, cell: Any, label: str = "") -> StandInPopulation:
        self.populations.append(StandInPopulation(self, size, cell, label))
        return self.populations[-1]

    def Projection(
        self, pre: Any, post: Any, connector: Any, synapse: Any, receptor_type: str, label: str
    ) -> StandInProjection:
        self.projections.append(StandInProjection(pre, post, connector, synapse))
        return self.projections[-1]

    def run(self, simtime: float) -> None:
        assert simtime > 0, "PyNN refuses to run into the past"
        for _ in range(round(simtime / self.timestep)):
            firing = {population: population.fire(self.step) for population in self.populations}
            for projection in self.projections:
                projection.deliver(firing, self.step, self.pynn_backprop_backend.traits.delay_offset, self.timestep)
            self.step += 1


class StandInCell(int):
    """A neuron."""

    parent: Any


class StandInRecorder:
    """What of a PyNN recorder is used; its data are the steps of the spikes by cell."""

    def __init__(self, population: Any) -> None:
        self.population, self.recorded = population, {}
        self._simulator = SimpleNamespace(state=population.sim)

    def record(self, variables: Any, ids: Any, sampling_interval: Any = None, locations: Any = None) -> None:
        for name in [variables] if isinstance(variables, str) else variables:
            self.population.recorded.add(name)
            self.recorded[name] = set(ids)
        self.population.sim.recording.add(self.population)

    def get(self, variables: Any, filter_ids: Any = None) -> Any:
        return self._get_current_segment(filter_ids, variables)

    def _get_current_segment(self, filter_ids: Any = None, variables: Any = "all", clear: bool = False) -> Any:
        (ids,) = self.recorded.values() or [()]
        cells, times = self._get_spiketimes(sorted(ids))
        return {int(cell): times[cells == int(cell)].tolist() for cell in sorted(ids)}

    def _get_spiketimes(self, ids: Any, clear: bool = False) -> tuple[np.ndarray, np.ndarray]:
        fired = np.array(self.population.fired, int).reshape(-1, 2)
        ours = np.isin(fired[:, 1], [int(cell) for cell in ids])
        return fired[ours, 1], fired[ours, 0] * self.population.sim.timestep


class StandInPopulation:
    """Sources or neurons."""

    def __init__(self, sim: StandInSimulator, size: int, cell: Any, label: str) -> None:
        self.sim, self.size, self.cell, self.label = sim, size, cell, label
        # As in PyNN an array of objects, into which Python's garbage collector can't see.
        self.all_cells = np.array([StandInCell(number) for number in range(size)], dtype=object)
        for neuron in self.all_cells:
            neuron.parent = self
        self.first_id, self.recorder = 0, StandInRecorder(self)
        self.arriving: dict[int, np.ndarray] = {}
        self.recorded: set[str] = set()
        self.fired: list[tuple[int, int]] = []
        self.potentials: dict[int, np.ndarray] = {}
        if hasattr(cell, "spike_times"):
            self.times = self._times(cell.spike_times)

    def _times(self, spike_times: Any) -> list[set[int]]:
        trains = spike_times if self.size > 1 else [spike_times]
        return [{round(time / self.sim.timestep) for time in getattr(train, "value", train)} for train in trains]

    def set(self, spike_times: Any) -> None:
        """What comes too soon is lost, as on the simulators."""
        first = self.sim.step + self.sim.pynn_backprop_backend.traits.earliest_source_step
        self.times = [{step for step in train if step >= first} for train in self._times(spike_times)]

    def record(self, what: str) -> None:
        self.recorder.record(what, self.all_cells)

    def get_data(self) -> Any:
        return self.recorder.get("all")

    def __getitem__(self, neurons: slice) -> StandInView:
        return StandInView(self, neurons)

    def fire(self, step: int) -> np.ndarray:
        """Which neurons fire in a step, bool of shape (size,)."""
        if hasattr(self, "times"):
            fires = np.array([step in train for train in self.times])
        else:
            drive = self.cell.v_rest + self.arriving.pop(step, np.zeros(self.size))
            fires = drive > self.cell.v_thresh
            if "v" in self.recorded:
                self.potentials[step] = drive
        if "spikes" in self.recorded:
            self.fired += [(step, int(neuron)) for neuron in np.flatnonzero(fires)]
        return fires


class StandInView:
    """Some neurons of a population."""

    def __init__(self, parent: StandInPopulation, neurons: slice) -> None:
        self.parent, self.first, self.all_cells = parent, neurons.start, parent.all_cells[neurons]
        self.size = len(self.all_cells)

    def record(self, what: str) -> None:
        self.parent.recorder.record(what, self.all_cells)

    def get_data(self) -> Any:
        return self.parent.recorder.get("all", filter_ids=self.all_cells)


class StandInProjection:
    """Synapses as arrays."""

    def __init__(self, pre: Any, post: Any, blocks: Any, synapse: Any) -> None:
        self.pre, self.post, self.synapse = pre, post, synapse
        indices = [block.indices() for block in blocks]
        self.i, self.j = (np.concatenate([pair[k] for pair in indices]) for k in (0, 1))
        self.weight = np.concatenate([block.weights() for block in blocks])
        self.delay = np.repeat([block.delay for block in blocks], [len(i) for i, _ in indices])

    def deliver(self, firing: dict[Any, np.ndarray], step: int, offset: int, timestep: float) -> None:
        """Hand on the weights of the synapses whose neuron fires in this step, then change those that learn."""
        active = firing[self.pre][self.i]
        arrival = step + np.rint(self.delay / timestep).astype(int) - offset
        for when in np.unique(arrival[active]):
            now = active & (arrival == when)
            buffer = self.post.arriving.setdefault(int(when), np.zeros(self.post.size))
            np.add.at(buffer, self.j[now], self.weight[now])
        r = self.synapse.reinforcement
        if r is not None:
            place = getattr(r, "first", 0), getattr(r, "parent", r)
            change = self.synapse.eta if firing[place[1]][place[0]] else -self.synapse.eta
            learning = active & firing[self.post][self.j]
            w_max = self.synapse.w_max
            self.weight[learning] = np.clip(self.weight[learning] + change, -w_max, w_max)
