"""The circuit simulated one time step after the other, giving every spike.

It is the plainest possible meaning of a :class:`~pynn_backprop.circuit.circuit.Circuit`: what arrives in a step decides
who fires in it.  It knows nothing of the learning rule of :mod:`pynn_backprop.reference.rule`; that both give the same
weights is the proof that the circuit computes the rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..arguments import checked
from ..checks import check_count, checked_samples, checked_sources, checked_targets
from ..circuit.circuit import Circuit
from ..interfaces import Response
from ..spikes import Spikes
from ..weights import Weights, check_copies, check_weights, signed_copy
from .flat import FlatCircuit
from .step_kernel import Sources, State, Watch, run

ROOM = 2**20
"""Spikes that are kept at most before they are sorted by population."""


class StepSimulator:
    """Simulates a circuit in integers.

    Parameters
    ----------
    circuit
        What to simulate.
    weights
        Its weight matrices by name, shape (n_pre, n_post), integers.
    record
        Names of the populations whose spikes are kept; all if None.

    Examples
    --------
    A wrong answer: after ``x`` and the output have fired the layers are replayed, and W1 learns.

    >>> from pynn_backprop.circuit.training import training_circuit
    >>> circuit = training_circuit((3, 2))
    >>> steps = StepSimulator(circuit, {"W1": np.array([[200, 0]] * 3)}, record=["x", "o"])
    >>> steps.train(np.ones((1, 3), bool), np.array([1])).outputs
    array([[ True, False]])
    >>> {name: np.unique(table[:, 0] % circuit.schedule.length).tolist() for name, table in steps.take_spikes().items()}
    {'x': [1, 5, 7], 'o': [2, 7]}
    >>> steps.weights()["W1"].tolist()
    [[198, 0], [198, 0], [198, 0]]
    """

    @checked
    def __init__(self, circuit: Circuit, weights: Weights, record: Iterable[str] | None = None) -> None:
        self.circuit = circuit
        checked = check_weights(weights, circuit.parameters, circuit.neurons) if circuit.matrices else {}
        self._flat = flat = FlatCircuit(circuit, checked)
        names = [population.name for population in circuit.populations]
        self.recorded = tuple(names if record is None else (circuit[name].name for name in record))
        slots = 1 + max(projection.latency for projection in circuit.projections)
        size = int(flat.neurons.first[-1])
        self._state = State(
            np.zeros((slots, size), np.int32),
            np.zeros((slots, len(names)), bool),
            np.zeros(size, np.int32),
            np.zeros(len(names) + 1, np.int32),
        )
        p, r = circuit.parameters, [k for k, q in enumerate(circuit.populations) if q.role == "reinforcement"]
        self._rule = p.eta, p.w_max, r[0] if r else -1
        self._step = 0
        self._idle = 0  # steps of cycles in which no sample is shown, but for the first one
        self._shown = 0
        self._spikes: dict[str, list[np.ndarray]] = {name: [] for name in self.recorded}

    # -- running ---------------------------------------------------------------------------------------------------

    @checked
    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Show samples, and their labels or targets; see :meth:`pynn_backprop.reference.rule.Rule.train`."""
        return self._show(x, labels)

    @checked
    def infer(self, x: np.ndarray) -> Response:
        """Show samples without labels."""
        return self._show(x, None)

    def compile(self) -> None:
        """Compile now what the first samples would wait for."""
        self._present({}, 0)

    @checked
    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples to any circuit: which neurons of each source fire, bool of shape (n_samples, size) by name.

        What is not named is silent, but for the noise sources.
        """
        checked_sources(sources, {source.name: source.size for source in self.circuit.sources})
        self._present(sources, len(next(iter(sources.values()))))

    @checked
    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._shown += check_count("samples", samples, 0)

    def _show(self, x: np.ndarray, labels: np.ndarray | None) -> Response:
        circuit = self.circuit
        sources = {"input": checked_samples(x, circuit.neurons[0])}
        if labels is not None:
            sources["target"] = checked_targets(labels, len(x), circuit.units[-1], circuit.code.n)
        return self._present(sources, len(x))

    def _present(self, sources: dict[str, np.ndarray], n_samples: int) -> Response:
        length = self.circuit.schedule.length
        if self._step == 0:
            self._run({"start": np.array([[length - 1, 0]])}, 1, recorded=False)
        # Idle cycles, so that sample s meets neuron s of each rotor, also where samples were skipped.
        wait = (1 + self._shown - self._step // length) % self.circuit.period
        if wait:
            self._run({}, wait, recorded=False)
            self._idle += wait * length
        fires = sources | self.circuit.noise(self._shown + np.arange(n_samples))
        spikes = {name: np.argwhere(table) * np.array([length, 1]) for name, table in fires.items()}
        response = self._run(spikes, n_samples, recorded=True)
        self._shown += n_samples
        return response

    def _run(self, spikes: Spikes, cycles: int, recorded: bool) -> Response:
        """Run some cycles with these spikes of sources, steps from 0; answers are those of the output in each."""
        flat, length = self._flat, self.circuit.schedule.length
        sources = self._sources(spikes, cycles * length)
        watch = self._watch(recorded)
        size = int(np.diff(flat.neurons.first)[watch.output]) if watch.output >= 0 else 0
        outputs, potentials = np.zeros((cycles, size), bool), np.zeros((cycles, size), np.int32)
        readout = np.zeros((cycles, size), np.int32)
        done, end = 0, cycles * length
        while done < end:
            done, kept = run(
                done,
                end,
                self._step,
                flat.neurons,
                flat.synapses,
                flat.weights,
                self._rule,
                self._state,
                sources,
                watch,
                outputs,
                potentials,
                readout,
            )
            self._keep(watch.steps[:kept], watch.neurons[:kept])
        self._step += end
        return Response(outputs, potentials, readout if self.circuit.readout else None)

    def _sources(self, spikes: Spikes, n_steps: int) -> Sources:
        first = self._flat.neurons.first
        tables = [table + np.array([0, first[self._flat.index[name]]]) for name, table in spikes.items() if len(table)]
        table = np.concatenate([np.zeros((0, 2), np.int64), *tables])
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        return Sources(np.searchsorted(table[:, 0], np.arange(n_steps + 1)), table[:, 1].astype(np.int32))

    def _watch(self, recorded: bool) -> Watch:
        circuit, index = self.circuit, self._flat.index
        kept = np.array([recorded and population.name in self.recorded for population in circuit.populations])
        room = max(ROOM, len(self._state.fired)) if kept.any() else len(self._state.fired)
        into = next((p for p in circuit.projections if p.post == "o" and p.matrix), None)
        ends = (index["o"], index[into.pre]) if into else (-1, -1)
        place = self._flat.place(into) if into else 0
        schedule = circuit.schedule
        steps, neurons = np.zeros(room, np.int32), np.zeros(room, np.int32)
        levels = [index[name] for name in circuit.readout] or [-1]
        readout = levels[0], levels[0] + len(circuit.readout)
        return Watch(kept, steps, neurons, *ends, readout, schedule.output, schedule.length, place)

    def _keep(self, steps: np.ndarray, neurons: np.ndarray) -> None:
        """Sort spikes by population; within one they come in order of step and neuron."""
        first = self._flat.neurons.first
        population = np.searchsorted(first, neurons, side="right") - 1
        order = np.argsort(population, kind="stable")
        bounds = np.searchsorted(population[order], np.arange(len(first)))
        for name in self.recorded:
            k = self._flat.index[name]
            chosen = order[bounds[k] : bounds[k + 1]]
            step = steps[chosen].astype(np.int64) + (self._step - self._idle)
            self._spikes[name].append(np.column_stack((step, neurons[chosen].astype(np.int64) - first[k])))

    # -- results ---------------------------------------------------------------------------------------------------

    def weights(self) -> Weights:
        """The weight matrices, int64; :meth:`check_copies` looks at all copies of each."""
        found = {}
        for name in self.circuit.matrices:
            first = self.circuit.copies(name)[0]
            found[name] = signed_copy(self._flat.matrix(first), first.sign, first.transpose).copy()
        return found

    def copies(self) -> dict[str, np.ndarray]:
        """The weights of every projection that carries a matrix, by its label, shape (n_pre, n_post) of each."""
        return {p.label: self._flat.matrix(p) for p in self.circuit.projections if p.matrix}

    def check_copies(self) -> None:
        """Check that all copies of a matrix are equal; see :func:`pynn_backprop.weights.check_copies`."""
        check_copies(self.circuit, self.copies())

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since this was last called."""
        nothing = np.zeros((0, 2), np.int64)
        taken = {name: np.concatenate([nothing, *parts]) for name, parts in self._spikes.items()}
        self._spikes = {name: [] for name in self.recorded}
        return taken

    def close(self) -> None:
        """Nothing to free."""
