"""The circuit simulated one time step after the other in numpy, giving every spike.

It is the plainest possible meaning of a :class:`~pynn_backprop.circuit.published.Circuit`: what arrives in a step
decides who fires in it.  It knows nothing of the learning rule of :mod:`pynn_backprop.reference.rule`; that both give
the same weights is the proof that the circuit computes the rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..circuit.dither import level_weights, noise_sources
from ..circuit.parts import LEVELS, ONE_TO_ONE, RING, UNIT_TO_UNIT, Circuit, Projection
from ..interfaces import Response
from ..spikes import Spikes, sorted_spikes
from ..weights import Weights, check_copies, check_weights, signed_copy
from .rule import checked_samples, checked_targets


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
    """

    def __init__(self, circuit: Circuit, weights: Weights, record: Iterable[str] | None = None) -> None:
        self.circuit = circuit
        checked = check_weights(weights, circuit.parameters, circuit.neurons) if circuit.matrices else {}
        self._copies = {
            projection.label: signed_copy(checked[projection.matrix], projection.sign, projection.transpose).copy()
            for projection in circuit.projections
            if projection.matrix
        }
        self._levels = {p.label: level_weights(circuit, p) for p in circuit.projections if p.kind == LEVELS}
        self._into_output = next((p for p in circuit.projections if p.post == "o" and p.matrix), None)
        names = [population.name for population in circuit.populations]
        self.recorded = tuple(names if record is None else (circuit[name].name for name in record))
        self._outgoing = {
            name: [projection for projection in circuit.projections if projection.pre == name] for name in names
        }
        ring = 1 + max(projection.latency for projection in circuit.projections)
        self._arriving = {p.name: np.zeros((ring, p.size), np.int64) for p in circuit.simulated}
        self._ring = ring
        self._step = 0
        self._idle = 0  # steps of cycles in which no sample is shown, but for the first one
        self._shown = 0
        self._nothing = np.zeros(0, np.int64)
        self._spikes: dict[str, list[tuple[int, np.ndarray]]] = {name: [] for name in self.recorded}

    # -- running ---------------------------------------------------------------------------------------------------

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Show samples, and their labels or targets.

        See :meth:`pynn_backprop.reference.rule.Rule.train` and
        :meth:`pynn_backprop.reference.graded_rule.GradedOracle.train`.
        """
        return self._show(x, labels)

    def infer(self, x: np.ndarray) -> Response:
        """Show samples without labels."""
        return self._show(x, None)

    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples to any circuit: which neurons of each source fire, bool of shape (n_samples, size) by name.

        What is not named is silent, but for the noise sources.
        """
        count = len(next(iter(sources.values())))
        size = self.circuit["o"].size if self._into_output else 0
        self._present(sources, np.zeros((count, size), bool), np.zeros((count, size), np.int64))

    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._shown += samples

    def _show(self, x: np.ndarray, labels: np.ndarray | None) -> Response:
        circuit = self.circuit
        sources = {"input": checked_samples(x, circuit.neurons[0])}
        if labels is not None:
            sources["target"] = checked_targets(labels, len(x), circuit.units[-1], circuit.code.n)
        outputs = np.zeros((len(x), circuit.neurons[-1]), bool)
        potentials = np.zeros(outputs.shape, np.int64)
        self._present(sources, outputs, potentials)
        return Response(outputs, potentials)

    def _present(self, sources: dict[str, np.ndarray], outputs: np.ndarray, potentials: np.ndarray) -> None:
        length = self.circuit.schedule.length
        sources = sources | noise_sources(self.circuit, self._shown + np.arange(len(outputs)))
        if self._step == 0:
            kept = self._spikes
            self._spikes = {}
            self._cycle({"start": {length - 1: np.array([0])}}, None, None)
            self._spikes = kept
        self._wait_for_the_variant()
        for n in range(len(outputs)):
            now = {name: {0: np.flatnonzero(fires[n])} for name, fires in sources.items()}
            self._cycle(now, outputs[n], potentials[n])
        self._shown += len(outputs)

    def _wait_for_the_variant(self) -> None:
        """Idle cycles, so that sample s meets variant s of the rotor, also where samples were skipped."""
        length, kept = self.circuit.schedule.length, self._spikes
        self._spikes = {}
        for _ in range((1 + self._shown - self._step // length) % self.circuit.code.variants):
            self._cycle({}, None, None)
            self._idle += length
        self._spikes = kept

    def _cycle(
        self, sources: dict[str, dict[int, np.ndarray]], output: np.ndarray | None, potential: np.ndarray | None
    ) -> None:
        schedule, into = self.circuit.schedule, self._into_output
        before: dict[str, np.ndarray] = {}
        for phase in range(schedule.length):
            firing = self._fire(phase, sources)
            if into is not None and output is not None and potential is not None and phase == schedule.output:
                output[firing["o"]] = True
                potential[:] = self._copies[into.label][before[into.pre]].sum(axis=0)
            self._transmit_and_learn(firing)
            before = firing
            self._step += 1

    def _fire(self, phase: int, sources: dict[str, dict[int, np.ndarray]]) -> dict[str, np.ndarray]:
        firing = {}
        for population in self.circuit.populations:
            if population.role == "source":
                now = sources.get(population.name, {}).get(phase, self._nothing)
            else:
                drive = self._arriving[population.name][self._step % self._ring]
                now = np.flatnonzero(drive - population.bias > population.threshold)
                drive[:] = 0
            firing[population.name] = now
            if len(now) and population.name in self._spikes:
                self._spikes[population.name].append((self._step - self._idle, now))
        return firing

    def _transmit_and_learn(self, firing: dict[str, np.ndarray]) -> None:
        eta = self.circuit.parameters.eta
        for name, pre in firing.items():
            for projection in self._outgoing[name] if len(pre) else ():
                self._transmit(projection, pre)
                post = firing[projection.post]
                if projection.plastic and len(post):
                    self._learn(projection, pre, post, eta if len(firing["r"]) else -eta)

    def _transmit(self, projection: Projection, pre: np.ndarray) -> None:
        arriving = self._arriving[projection.post][(self._step + projection.latency) % self._ring]
        if projection.matrix:
            arriving += self._copies[projection.label][pre].sum(axis=0)
        elif projection.kind == ONE_TO_ONE:
            arriving[pre] += projection.weight
        elif projection.kind == UNIT_TO_UNIT:
            n = self.circuit.code.n
            numbers = np.bincount(pre // n, minlength=len(arriving) // n)
            arriving += (projection.weight or 0) * np.repeat(numbers, n)
        elif projection.kind == RING:
            arriving[(pre + 1) % len(arriving)] += projection.weight
        elif projection.kind == LEVELS:
            arriving += self._levels[projection.label][pre].sum(axis=0)
        else:
            arriving += (projection.weight or 0) * len(pre)

    def _learn(self, projection: Projection, pre: np.ndarray, post: np.ndarray, change: int) -> None:
        weights, w_max = self._copies[projection.label], self.circuit.parameters.w_max
        both = np.ix_(pre, post)
        weights[both] = np.clip(weights[both] + change, -w_max, w_max)

    # -- results ---------------------------------------------------------------------------------------------------

    def weights(self) -> Weights:
        """The weight matrices, int64; :meth:`check_copies` looks at all copies of each."""
        found = {}
        for name in self.circuit.matrices:
            first = self.circuit.copies(name)[0]
            found[name] = signed_copy(self._copies[first.label], first.sign, first.transpose).copy()
        return found

    def copies(self) -> dict[str, np.ndarray]:
        """The weights of every projection that carries a matrix, by its label, shape (n_pre, n_post) of each."""
        return {label: weights.copy() for label, weights in self._copies.items()}

    def check_copies(self) -> None:
        """Check that all copies of a matrix are equal; see :func:`pynn_backprop.weights.check_copies`."""
        check_copies(self.circuit, self.copies())

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since this was last called."""
        taken = {name: _joined(parts) for name, parts in self._spikes.items()}
        self._spikes = {name: [] for name in self.recorded}
        return taken

    def close(self) -> None:
        """Nothing to free."""


def _joined(parts: list[tuple[int, np.ndarray]]) -> np.ndarray:
    if not parts:
        return np.zeros((0, 2), np.int64)
    steps = np.repeat([step for step, _ in parts], [len(neurons) for _, neurons in parts])
    return sorted_spikes(steps, np.concatenate([neurons for _, neurons in parts]))
