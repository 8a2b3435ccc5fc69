"""Builds a circuit on a PyNN simulator; presents samples, reads weights and spikes.

The network is plain PyNN: one Population per name and one Projection per row of the circuit's table, or few for all of
them (:mod:`pynn_backprop.simulation.fusion`).  What a simulator does in its own way comes from its backend
(:mod:`pynn_backprop.simulation.backends`).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib import metadata
from typing import Any

import neo
import numpy as np
from pyNN.parameters import Sequence

from ..arguments import checked
from ..checks import check_count, checked_samples, checked_sources, checked_targets
from ..circuit.circuit import Circuit
from ..circuit.parts import PROBE, Projection
from ..errors import EqualityError, InputError
from ..interfaces import BoundToThread, Compiles, Options, Response
from ..recording.blocks import to_block
from ..spikes import Spikes
from ..weights import Weights, check_copies, check_weights, signed_copy
from .backends.registry import for_simulator
from .building import TIMESTEP, Building
from .clock import Clock
from .delays import check_delays, longest_latency
from .fusion import Group, arrange
from .handles import POTENTIAL, SPIKES, Handle
from .limits import check_held
from .ownership import Ownership
from .recorder import Recorder

ROUNDING = 1e-6
"""How far a weight may be from an integer; the dopamine synapse was measured to stay within 4e-15 a change."""


class Network:
    """A circuit on a PyNN simulator.

    A simulator holds one network at a time: building one sets the simulator up anew.  From then on whatever needs the
    simulator is refused by the network before, by a PlatformError that names both; it can only be closed, and gives the
    spikes that it has recorded.  So it is after a ``sim.setup()`` of the user's.

    Parameters
    ----------
    sim
        An imported PyNN simulator, for example ``pyNN.nest``.
    circuit
        What to build.
    weights
        Its weight matrices by name, integers of shape (n_pre, n_post).
    record
        Names of the populations whose spikes are kept.
    options
        Threads, variant and layout; the backend's defaults if None.
    keep
        Whether the PyNN Populations keep the spikes of `record`, so that ``get_data`` gives them, in the simulator's
        time, however often :meth:`take_spikes` is called.  If not, memory does not grow with the length of a training,
        and ``get_data`` is refused.

    Attributes
    ----------
    session
        What the simulator's backend opened for it.
    layout
        What shares a PyNN Population or Projection.
    populations
        By name: PyNN Populations, or views of one that several share.  More can be recorded of them before the first
        run, and what was recorded is there as on any PyNN network.
    projections
        By label of the circuit's projection: the PyNN Projection that it is in.
    """

    @checked
    def __init__(
        self,
        sim: Any,
        circuit: Circuit,
        weights: Weights,
        record: Iterable[str] = (),
        options: Options | None = None,
        keep: bool = True,
    ) -> None:
        self.sim = sim
        self.circuit = circuit
        matrices = check_weights(weights, circuit.parameters, circuit.neurons) if circuit.matrices else {}
        options, backend = options or Options(), for_simulator(sim)
        self._describe = functools.partial(backend.describe, options)
        check_held(backend, circuit)
        self._traits = backend.traits
        check_delays(circuit, self._traits)
        self.layout = arrange(circuit, self._traits.layout if options.layout == "auto" else options.layout)
        self._places = self.layout.places()
        self._recorder = Recorder(circuit, record, self._places, TIMESTEP)
        self._clock = Clock(circuit.schedule.length, self._traits.earliest_source_step, circuit.period)
        longest = longest_latency(circuit) + self._traits.delay_offset
        self.session = backend.open(sim, options, longest * TIMESTEP, TIMESTEP)
        guard = self.session.check_thread if isinstance(self.session, BoundToThread) else None
        self._ownership = Ownership(sim, self._traits.simulator, _what(circuit), guard)
        offset = self._traits.delay_offset
        building = Building(sim, self.session, circuit, self.layout, offset, self._start_times)
        self._groups = building.groups
        self._handles = {group.name: self._handle(group, keep) for group in self.layout.groups}
        building.connect(matrices)
        self.populations, self.projections, self._blocks = building.populations, building.projections, building.blocks
        for name in self._recorder.watched:
            self._watch(name, SPIKES, ours=name not in self._recorder.kept)
        if PROBE in self.populations:
            self._watch(PROBE, POTENTIAL, ours=True)

    def _handle(self, group: Group, keep: bool) -> Handle:
        return Handle(
            self._groups[group.name],
            self.session,
            check=self._ownership.check,
            started=lambda: self._recorder.started,
            taken_v=PROBE in {population.name for population in group.populations},
            keeps=keep,
        )

    def _watch(self, name: str, variable: str, ours: bool) -> None:
        self._handles[self._places[name][0]].watch(self.populations[name], variable, ours)

    def _start_times(self, source: str) -> list[float]:
        """When the ring is started; all other sources are silent at first."""
        return [self._clock.ring_start * TIMESTEP] if source == "start" else []

    # -- running ---------------------------------------------------------------------------------------------------

    def compile(self) -> None:
        """Let the simulator compile now what it would compile in the first run.

        After it no more can be recorded of the populations, as after a run.
        """
        self._ownership.check()
        if isinstance(self.session, Compiles):
            self.session.compile()

    @checked
    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Show samples and their labels or targets in one ``sim.run``.

        Parameters
        ----------
        x
            Which input neurons fire, bool of shape (n, n_in), in neurons.
        labels
            Labels, integers of shape (n,), or which target neurons fire, bool of shape (n, n_out), in neurons.

        Returns
        -------
        Response
        """
        if not self.circuit.schedule.training:
            raise InputError("this is an inference circuit: it can't be trained")
        return self._show(x, labels)

    @checked
    def infer(self, x: np.ndarray) -> Response:
        """Show samples, bool of shape (n, n_in), without labels, in one ``sim.run``."""
        return self._show(x, None)

    @checked
    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples to any circuit in one ``sim.run``.

        Parameters
        ----------
        sources
            Which neurons of each source fire, bool of shape (n_samples, size) by name.  Others are silent, but for the
            noise sources.
        """
        checked_sources(sources, {source.name: source.size for source in self.circuit.sources})
        self._run(sources, len(next(iter(sources.values()))), None)

    @checked
    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._clock.skip(check_count("samples", samples, 0))

    def _show(self, x: np.ndarray, labels: np.ndarray | None) -> Response:
        circuit = self.circuit
        fires = {"input": checked_samples(x, circuit.neurons[0])}
        check_count("the number of samples", len(x))
        if labels is not None:
            fires["target"] = checked_targets(labels, len(x), circuit.units[-1], circuit.code.n)
        told = labels if labels is not None and np.ndim(labels) == 1 else None
        starts, outputs, readout = self._run(fires, len(x), told)
        potentials = self._potentials(starts + circuit.schedule.output) if PROBE in self.populations else None
        return Response(outputs, potentials, readout)

    def _run(
        self, fires: dict[str, np.ndarray], n_samples: int, labels: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Show samples; returns the steps at which they started, shape (n,), and the two answers of the recorder."""
        self._ownership.check()
        noise = self.circuit.noise(self._clock.numbers(n_samples))
        self._let_the_ring_start()
        starts = self._clock.book(n_samples, self.sim.get_current_time() / TIMESTEP)
        self._set_spikes(fires | noise, starts)
        self.sim.run(self._clock.end * TIMESTEP - self.sim.get_current_time())
        answers = self._recorder.after_run(self._handles, starts, self._clock.shift(starts), labels)
        self._clock.done(n_samples)
        return (starts, *answers)

    def _let_the_ring_start(self) -> None:
        """The ring's first spike, if already on its way, would be lost when the times of a shared source are set."""
        now = self.sim.get_current_time()
        shared = self._places["start"][0] == self._places["input"][0]
        if shared and self._clock.ring_starts_too_soon(now / TIMESTEP):
            self.sim.run((self._clock.ring_start + 1) * TIMESTEP - now)

    def _set_spikes(self, fires: dict[str, np.ndarray], starts: np.ndarray) -> None:
        """Neuron i of a source fires at the start of those samples n for which fires[source][n, i]."""
        now = self.sim.get_current_time()
        for group in self.layout.groups:
            if group.is_source and any(population.name in fires for population in group.populations):
                times = []
                for population in group.populations:
                    silence = np.zeros((len(starts), population.size), bool)
                    columns = fires.get(population.name, silence).T
                    first = [time for time in self._start_times(population.name) if time >= now]
                    times += [Sequence(np.concatenate((first, starts[column] * TIMESTEP))) for column in columns]
                self._groups[group.name].set(spike_times=times if group.size > 1 else times[0])

    def _potentials(self, steps: np.ndarray) -> np.ndarray:
        """The probe's drive in the given steps: its potential, since its bias is 0."""
        group, neurons = self._places[PROBE]
        potentials = self.session.take_potential(self._groups[group], neurons, steps * TIMESTEP)
        return np.rint(potentials).astype(np.int64)

    # -- results ---------------------------------------------------------------------------------------------------

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since this was last called."""
        return self._recorder.take()

    def block(self, per_neuron: bool = False) -> neo.Block:
        """What was recorded so far as a Neo block, in circuit time (:mod:`pynn_backprop.recording.blocks`).

        It holds the populations of `record`, and those of which ``record("spikes")`` was called before the first run,
        whether :meth:`take_spikes` was called or not.  ``get_data(clear=True)`` of one of them makes it begin there.

        Parameters
        ----------
        per_neuron
            Whether there is one SpikeTrain for each neuron, as Elephant takes them, or one for all of a population.

        Returns
        -------
        neo.Block
            One segment; none if nothing was shown.

        Raises
        ------
        PlatformError
            If the network is no longer the simulator's, or does not keep its spikes.
        """
        self._ownership.check()
        for handle in self._handles.values():
            handle.check_kept()
        description = {"platform": self.sim.__name__, "PyNN": metadata.version("PyNN"), **self._describe()}
        name = f"{_what(self.circuit)} on {self._traits.simulator}"
        return to_block(self.circuit, self._recorder.stretches(self._handles), description, name, per_neuron)

    def weights(self) -> Weights:
        """The weight matrices, int64, read from one copy of each; :meth:`check_copies` looks at all."""
        self._settle()
        return {
            name: self._matrix(next(p for p in self.circuit.copies(name) if not p.transpose))
            for name in self.circuit.matrices
        }

    def copies(self) -> dict[str, np.ndarray]:
        """The weights of every projection that carries a matrix, by label, int64, shape (n_pre, n_post) of each."""
        self._settle()
        return {p.label: self._read(p) for p in self.circuit.projections if p.matrix}

    def check_copies(self) -> None:
        """Check that all copies of a matrix are equal; see :func:`pynn_backprop.weights.check_copies`."""
        check_copies(self.circuit, self.copies())

    def close(self) -> None:
        """End the simulation, free its memory and remove the simulator's temporary files; a newer network runs on."""
        ours = self._ownership.is_ours  # where it can't be asked, the network goes on
        try:
            # While it is still ours: PyNN may have been told to write data at the end.
            if ours:
                self.sim.end()
        finally:
            self._ownership.give_up()
        self.session.close()
        for population in self._groups.values():
            # A Population and its cells hold each other through an array of objects, into which Python's garbage
            # collector can't see: they would stay for ever.
            for cell in population.all_cells:
                cell.parent = None
        for held in (self._groups, self._handles, self.populations, self.projections, self._blocks):
            held.clear()

    def _settle(self) -> None:
        self._ownership.check()
        self.session.settle()

    def _matrix(self, projection: Projection) -> np.ndarray:
        return signed_copy(self._read(projection), projection.sign, projection.transpose)

    @checked
    def raw_weights(self, projection: Projection) -> np.ndarray:
        """The weights of a projection of the circuit as the simulator has them, in mV, shape (n_pre, n_post)."""
        self._ownership.check()
        return self.session.read_weights(self.projections[projection.label], self._blocks[projection.label])

    def _read(self, projection: Projection) -> np.ndarray:
        values = self.raw_weights(projection)
        integers = np.rint(values)
        if not np.allclose(values, integers, rtol=0, atol=ROUNDING):
            raise EqualityError(f"the weights of {projection.label} are no integers any more")
        return integers.astype(np.int64)


def _what(circuit: Circuit) -> str:
    """What a circuit is, in a few words, for messages."""
    if not circuit.matrices:
        return f"{len(circuit.populations)} populations"
    kind = "training" if circuit.schedule.training else "inference"
    return f"{kind}, {'-'.join(map(str, circuit.units))}"
