"""The circuit simulated one time step after the other in numpy, giving every spike.

It is the plainest possible meaning of a :class:`~pynn_backprop.circuit.Circuit`: what arrives in a step decides who
fires in it.  It knows nothing of the learning rule of :mod:`pynn_backprop.reference`; that both give the same weights
is the proof that the circuit computes the rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .circuit import ONE_TO_ONE, Circuit, Projection
from .reference import Response, checked_labels, checked_samples
from .spikes import Spikes, sorted_spikes
from .weights import Weights, check_copies, check_weights, signed_copy


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
        checked = check_weights(weights, circuit.parameters, circuit.layer_sizes)
        self._copies = {
            projection.label: signed_copy(checked[projection.matrix], projection.sign, projection.transpose).copy()
            for projection in circuit.projections
            if projection.matrix
        }
        names = [population.name for population in circuit.populations]
        self.recorded = tuple(names if record is None else (circuit[name].name for name in record))
        self._outgoing = {
            name: [projection for projection in circuit.projections if projection.pre == name] for name in names
        }
        ring = 1 + max(projection.latency for projection in circuit.projections)
        self._arriving = {p.name: np.zeros((ring, p.size), np.int64) for p in circuit.neurons}
        self._ring = ring
        self._step = 0
        self._nothing = np.zeros(0, np.int64)
        self._spikes: dict[str, list[tuple[int, np.ndarray]]] = {name: [] for name in self.recorded}

    # -- running ---------------------------------------------------------------------------------------------------

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Show samples and their labels; see :meth:`pynn_backprop.reference.Oracle.train`."""
        return self._show(x, labels)

    def infer(self, x: np.ndarray) -> Response:
        """Show samples without labels."""
        return self._show(x, None)

    def _show(self, x: np.ndarray, labels: np.ndarray | None) -> Response:
        circuit, length = self.circuit, self.circuit.schedule.length
        x = checked_samples(x, circuit.layer_sizes[0])
        if labels is not None:
            labels = checked_labels(labels, len(x), circuit.layer_sizes[-1])
        outputs = np.zeros((len(x), circuit.layer_sizes[-1]), bool)
        potentials = np.zeros(outputs.shape, np.int64)
        if self._step == 0:
            self._cycle({"start": {length - 1: np.array([0])}}, None, None)
            self.take_spikes()
        for n, sample in enumerate(x):
            sources = {"input": {0: np.flatnonzero(sample)}}
            if labels is not None:
                sources["target"] = {0: np.array([labels[n]])}
            self._cycle(sources, outputs[n], potentials[n])
        return Response(outputs, potentials)

    def _cycle(
        self, sources: dict[str, dict[int, np.ndarray]], output: np.ndarray | None, potential: np.ndarray | None
    ) -> None:
        schedule = self.circuit.schedule
        for phase in range(schedule.length):
            if potential is not None and phase == schedule.output:
                # The half-opening gate is no part of the drive.
                potential[:] = self._arriving["o"][self._step % self._ring] - self.circuit.parameters.half
            firing = self._fire(phase, sources)
            if output is not None and phase == schedule.output:
                output[firing["o"]] = True
            self._transmit_and_learn(firing)
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
                self._spikes[population.name].append((self._step, now))
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
