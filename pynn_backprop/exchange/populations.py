"""A graph that was read as PyNN populations and projections, on any simulator that has a backend.

Every node of neurons is a Population of ``IF_curr_delta`` cells, and every matrix a Projection.  A step of the graph is
one of the simulator's.  A spike takes a step from neuron to neuron, where a reader of NIR evaluates all nodes within
one: nodes of depth d are d steps behind the input, and whatever skips some of them waits for the others.  What is added
to a drive in every step comes from a source that fires in each of them, so that it is not there before the input is.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from pyNN.parameters import Sequence

from ..arguments import checked
from ..checks import checked_samples
from ..circuit.connectivity import AllToAll
from ..errors import InputError
from ..interfaces import BoundToThread, Options
from ..simulation.backends.registry import for_simulator
from ..simulation.building import NO_MEMORY, TIMESTEP
from ..simulation.ownership import Ownership
from .graph import Connection, Neurons, SpikingGraph

FOR_EVER = 1e17
"""Membrane time constant in ms: in double precision nothing is lost of the potential in a step."""

BIAS = "bias"


class GraphNetwork:
    """A graph on a PyNN simulator, which holds one network at a time.

    Parameters
    ----------
    sim : module
        An imported PyNN simulator, for example ``pyNN.nest``.
    graph : SpikingGraph
        What :func:`~pynn_backprop.exchange.from_nir.from_nir` has read.
    options : Options, optional
        Threads and variant.

    Attributes
    ----------
    populations : dict of str to pyNN.Population
        By the names of the nodes.
    projections : dict of str to pyNN.Projection
        By the names of both nodes, ``W1->h``.

    Raises
    ------
    InputError
        If there is no backend for the simulator, or it holds no delays as long as a connection skips steps.
    """

    @checked
    def __init__(self, sim: ModuleType, graph: SpikingGraph, options: Options | None = None) -> None:
        self.sim, self.graph = sim, graph
        backend = for_simulator(sim)
        self._traits = backend.traits
        self._depth = {graph.source: 0, **{group.name: group.depth for group in graph.neurons}}
        self._steps_shown = 0
        longest = self._longest_delay()
        self.session = backend.open(sim, options or Options(), longest * TIMESTEP, TIMESTEP)
        guard = self.session.check_thread if isinstance(self.session, BoundToThread) else None
        what = f"NIR graph, {len(graph.neurons)} nodes of neurons"
        self._ownership = Ownership(sim, self._traits.simulator, what, guard)
        self.populations: dict[str, Any] = {graph.source: self._source(graph.n_in, graph.source)}
        self.populations |= {group.name: self._population(group) for group in graph.neurons}
        self.projections: dict[str, Any] = {}
        self._bias = self._source(1, BIAS) if any(group.bias.any() for group in graph.neurons) else None
        for connection in graph.connections:
            self._connect(connection)
        for group in graph.neurons:
            if group.bias.any():
                self._project(self._bias, group, group.bias[None], group.depth, f"{BIAS}->{group.name}")

    # -- building --------------------------------------------------------------------------------------------------

    def _longest_delay(self) -> int:
        """In steps of the simulator."""
        latencies = [self._latency(one) for one in self.graph.connections]
        latencies += [group.depth for group in self.graph.neurons if group.bias.any()]
        longest = max(latencies, default=1) + self._traits.delay_offset
        if longest > self._traits.longest_delay:
            raise InputError(
                f"the graph needs delays of {longest} steps, but {self._traits.simulator} holds at most "
                f"{self._traits.longest_delay}"
            )
        return longest

    def _latency(self, connection: Connection) -> int:
        return self._depth[connection.post] - self._depth[connection.pre]

    def _source(self, size: int, label: str) -> Any:
        silent = [Sequence([]) for _ in range(size)] if size > 1 else []
        return self.sim.Population(size, self.sim.SpikeSourceArray(spike_times=silent), label=label)

    def _population(self, group: Neurons) -> Any:
        # A simulator that fires at its threshold is given the next number above it.
        above = group.threshold if self._traits.threshold_is_strict else np.nextafter(group.threshold, np.inf)
        cell = self.sim.IF_curr_delta(
            v_rest=group.leak,
            v_reset=group.reset,
            v_thresh=above,
            tau_m=_time_constants(group.decay),
            tau_refrac=0.0,
            cm=1.0,
            i_offset=0.0,
        )
        population = self.sim.Population(group.size, cell, label=group.name)
        if group.decay.any():
            population.initialize(v=group.leak)
        population.record("spikes")
        return population

    def _connect(self, connection: Connection) -> None:
        (post,) = [group for group in self.graph.neurons if group.name == connection.post]
        label = f"{connection.pre}->{connection.post}"
        pre = self.populations[connection.pre]
        self.projections[label] = self._project(pre, post, connection.weight, self._latency(connection), label)

    def _project(self, pre: Any, post: Neurons, weight: np.ndarray, latency: int, label: str) -> Any:
        delay = (latency + self._traits.delay_offset) * TIMESTEP
        blocks = AllToAll().blocks(slice(0, len(weight)), slice(0, post.size), weight * post.gain, delay)
        return self.sim.Projection(
            pre,
            self.populations[post.name],
            self.session.connector(blocks),
            self.session.static_synapse(),
            receptor_type="excitatory",
            label=label,
        )

    # -- running ---------------------------------------------------------------------------------------------------

    @checked
    def run(self, x: np.ndarray) -> np.ndarray:
        """Show spikes, step by step, from rest, in one ``sim.run``.

        Parameters
        ----------
        x : array_like of bool, shape (steps, n_in)
            Which inputs fire in each step.

        Returns
        -------
        numpy.ndarray of float64, shape (steps, n_out)
            The output that belongs to each, as :meth:`SpikingGraph.respond` has it.

        Raises
        ------
        InputError
            If `x` is something else, or the network has run before and remembers it.
        """
        self._ownership.check()
        fires = checked_samples(x, self.graph.n_in)
        if self._steps_shown and self.graph.remembers:
            raise InputError("the network has run before, and its neurons are not at rest any more: build a new one")
        now = round(self.sim.get_current_time() / TIMESTEP)
        start = now + self._traits.earliest_source_step + 1
        self._set_spikes(self.populations[self.graph.source], [start + np.flatnonzero(column) for column in fires.T])
        if self._bias is not None:
            self._set_spikes(self._bias, [start + np.arange(len(fires))])
        self.sim.run((start + len(fires) + self.graph.depth + 1 - now) * TIMESTEP)
        self._steps_shown += len(fires)
        fired = {group.name: self._fired(group, start, len(fires)) for group in self.graph.neurons}
        return self.graph.from_spikes({self.graph.source: fires, **fired})

    def _set_spikes(self, population: Any, steps: list[np.ndarray]) -> None:
        times = [Sequence(each * TIMESTEP) for each in steps]
        population.set(spike_times=times if len(times) > 1 else times[0])

    def _fired(self, group: Neurons, start: int, steps: int) -> np.ndarray:
        """Which neurons fired in the steps that belong to those of the input, bool of shape (steps, size)."""
        times, neurons = self.session.take_spikes(self.populations[group.name])
        at = np.rint(np.asarray(times) / TIMESTEP).astype(int) - start - group.depth
        inside = (at >= 0) & (at < steps)
        fired = np.zeros((steps, group.size), bool)
        fired[at[inside], np.asarray(neurons, int)[inside]] = True
        return fired

    def close(self) -> None:
        """End the simulation and free its memory; a second time is without effect."""
        if self._ownership.is_ours:
            self.sim.end()
        self._ownership.give_up()
        self.session.close()
        # A Population and its cells hold each other where the garbage collector can't see it.
        for population in self.populations.values():
            for cell in population.all_cells:
                cell.parent = None
        self.populations.clear()
        self.projections.clear()

    def __enter__(self) -> GraphNetwork:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _time_constants(decay: np.ndarray) -> np.ndarray:
    """Membrane time constants in ms of which a step leaves these shares of a potential."""
    between = (decay > 0) & (decay < 1)
    leaky = -TIMESTEP / np.log(np.where(between, decay, 0.5))
    return np.where(between, leaky, np.where(decay == 0, NO_MEMORY, FOR_EVER))
