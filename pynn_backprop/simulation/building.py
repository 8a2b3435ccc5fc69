"""Makes the PyNN objects of a circuit: Populations, views of them, and Projections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyNN.parameters import Sequence

from ..circuit.circuit import Circuit
from ..circuit.connectivity import Block
from ..circuit.parts import Projection
from ..interfaces import Session
from ..weights import Weights, signed_copy
from .fusion import Bundle, Group, Layout

TIMESTEP = 1.0
"""One step of the circuit, in ms."""

NO_MEMORY = 0.001
"""Membrane time constant in ms: nothing is left of the potential after one step."""


class Building:
    """The PyNN objects of a circuit.

    Parameters
    ----------
    sim
        An imported PyNN simulator, set up by `session`.
    session
        What the simulator's backend opened.
    circuit
        What to build.
    layout
        What shares a Population or Projection.
    delay_offset
        See :class:`~pynn_backprop.interfaces.Traits`.
    start_times
        In ms, when a source fires before any sample is shown, by its name.

    Attributes
    ----------
    groups
        The Populations by the name of their group.
    populations
        Populations, or views of one that several share, by name.
    projections
        By label of the circuit's projection: the PyNN Projection that it is in.
    blocks
        By the same label: where in it its synapses are.
    """

    def __init__(
        self,
        sim: Any,
        session: Session,
        circuit: Circuit,
        layout: Layout,
        delay_offset: int,
        start_times: Callable[[str], list[float]],
    ) -> None:
        self._sim, self._session, self._circuit, self._layout = sim, session, circuit, layout
        self._places = layout.places()
        self._delay_offset = delay_offset
        self._start_times = start_times
        self.groups = {group.name: self._population(group) for group in layout.groups}
        self.populations: dict[str, Any] = {}
        self.projections: dict[str, Any] = {}
        self.blocks: dict[str, Block] = {}

    def connect(self, matrices: Weights) -> None:
        """Make views and Projections, with these weight matrices by name."""
        self.populations.update((name, self._view(name)) for name in self._places)
        for bundle in self._layout.bundles:
            self._connect(bundle, matrices)

    def _population(self, group: Group) -> Any:
        if group.is_source:
            times = [Sequence(self._start_times(p.name)) for p in group.populations for _ in range(p.size)]
            cell = self._sim.SpikeSourceArray(spike_times=times if group.size > 1 else times[0])
        else:
            cell = self._sim.IF_curr_delta(
                v_rest=group.spread(lambda population: -population.bias),
                v_reset=group.spread(lambda population: -population.bias),
                # Half-way between integers, so that > and >= agree on every simulator.
                v_thresh=group.spread(lambda population: population.threshold + 0.5),
                tau_m=NO_MEMORY,
                tau_refrac=0.0,
                cm=1.0,
                i_offset=0.0,
            )
        return self._sim.Population(group.size, cell, label=group.name)

    def _view(self, name: str) -> Any:
        group, neurons = self._places[name]
        population = self.groups[group]
        whole = neurons.stop - neurons.start == population.size
        return population if whole else population[neurons]

    def _connect(self, bundle: Bundle, matrices: Weights) -> None:
        blocks = [self._split(projection, matrices) for projection in bundle.projections]
        if bundle.is_plastic:
            p = self._circuit.parameters
            synapse = self._session.hebbian_synapse(self.populations["r"], eta=float(p.eta), w_max=float(p.w_max))
        else:
            synapse = self._session.static_synapse()
        made = self._sim.Projection(
            self.groups[bundle.pre],
            self.groups[bundle.post],
            self._session.connector([block for parts in blocks for block in parts]),
            synapse,
            receptor_type="excitatory",
            label=bundle.label,
        )
        for projection, (block, *_) in zip(bundle.projections, blocks, strict=True):
            self.projections[projection.label] = made
            self.blocks[projection.label] = block

    def _split(self, projection: Projection, matrices: Weights) -> list[Block]:
        weight: Any = self._circuit.level_weights(projection)
        if projection.matrix:
            weight = signed_copy(matrices[projection.matrix], projection.sign, projection.transpose)
        weight = projection.weight if weight is None else weight.astype(float)
        delay = (projection.latency + self._delay_offset) * TIMESTEP
        _, pre = self._places[projection.pre]
        _, post = self._places[projection.post]
        return projection.connectivity.blocks(pre, post, weight, delay)
