"""A circuit straight in the integers of a Loihi chip, without PyNN, and what runs it: to try Lava's engines alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from hardware.lava.engines import Engine, make_engine
from hardware.lava.translation.network import Compartments, DiscreteNetwork, Rule, Synapses
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import Projection
from pynn_backprop.spikes import Spikes, sorted_spikes
from pynn_backprop.weights import Weights, signed_copy

MOST = 255
NO_MEMORY = {"du": 4095, "dv": 4096}
BIAS_EXPONENT = 7
ACTIVATION_SHIFT = 6


def mantissa_and_exponent(weight: int) -> tuple[int, int]:
    """A mantissa of at most 255 and an exponent that are this weight."""
    exponent = next(e for e in range(8) if abs(weight) <= MOST << e and weight % (1 << e) == 0)
    return weight >> exponent, exponent


class Numbers:
    """First numbers of a circuit's populations, among the compartments or the inputs."""

    def __init__(self, circuit: Circuit) -> None:
        self.first: dict[str, int] = {}
        for populations in (circuit.simulated, circuit.sources):
            count = 0
            for population in populations:
                self.first[population.name] = count
                count += population.size

    def of(self, circuit: Circuit, name: str) -> np.ndarray:
        """All numbers of a population."""
        return self.first[name] + np.arange(circuit[name].size)


def discrete_circuit(circuit: Circuit, weights: Weights) -> DiscreteNetwork:
    """The circuit with these weights: one group of compartments, one set of synapses for each projection."""
    neurons = circuit.simulated
    sizes = [population.size for population in neurons]
    bias = -np.repeat([population.bias for population in neurons], sizes)
    scaled = bias << ACTIVATION_SHIFT >> BIAS_EXPONENT
    group = Compartments(
        label="circuit",
        first=0,
        size=sum(sizes),
        threshold=np.repeat([population.threshold for population in neurons], sizes),
        bias_mantissa=scaled,
        bias_exponent=np.full(sum(sizes), BIAS_EXPONENT),
        **NO_MEMORY,
    )
    assert np.array_equal(scaled << BIAS_EXPONENT, bias << ACTIVATION_SHIFT)
    numbers = Numbers(circuit)
    synapses = tuple(_synapses(circuit, numbers, projection, weights) for projection in circuit.projections)
    return DiscreteNetwork(sum(p.size for p in circuit.sources), (group,), synapses)


def _synapses(circuit: Circuit, numbers: Numbers, projection: Projection, weights: Weights) -> Synapses:
    pre, post = numbers.of(circuit, projection.pre), numbers.of(circuit, projection.post)
    if projection.connectivity.dense:
        pre, post = np.repeat(pre, len(post)), np.tile(post, len(pre))
    if projection.matrix:
        mantissa, exponent = signed_copy(weights[projection.matrix], projection.sign, projection.transpose).ravel(), 0
    else:
        value, exponent = mantissa_and_exponent(int(projection.weight or 0))
        mantissa = np.full(len(pre), value)
    p = circuit.parameters
    rule = Rule(numbers.first["r"], p.eta, p.w_max) if projection.plastic else None
    return Synapses(
        label=projection.label,
        from_input=circuit[projection.pre].role == "source",
        pre=pre,
        post=post,
        weight=mantissa,
        exponent=exponent,
        delay=np.full(len(pre), projection.latency - 1),
        rule=rule,
    )


class DiscreteRunner:
    """Trains a circuit on an engine; circuit step s is the engine's step s + 1.

    Parameters
    ----------
    engine
        Name of the engine.
    circuit, weights
        What to run.
    record
        Names of the populations whose spikes are kept.
    """

    def __init__(self, engine: str, circuit: Circuit, weights: Weights, record: Iterable[str] | None = None) -> None:
        self.circuit, self.numbers = circuit, Numbers(circuit)
        names = [p.name for p in circuit.simulated] if record is None else list(record)
        self.recorded = names
        recorded = np.concatenate([np.zeros(0, int), *(self.numbers.of(circuit, name) for name in names)])
        self.network = discrete_circuit(circuit, weights)
        self.engine: Engine = make_engine(engine, self.network, recorded, np.zeros(0, int))
        self._cycles = 0

    def train(self, x: np.ndarray, labels: np.ndarray) -> None:
        """Show samples, bool (n, n_in), and their labels, integers (n,)."""
        length = self.circuit.schedule.length
        first = self.numbers.first
        if self._cycles == 0:
            self._cycles = 1
            self.engine.set_spikes(np.array([length]), np.array([first["start"]]))
            self.engine.run(length)
        starts = (self._cycles + np.arange(len(x))) * length + 1
        samples, inputs = np.nonzero(x)
        steps = np.concatenate([starts[samples], starts])
        self.engine.set_spikes(steps, np.concatenate([first["input"] + inputs, first["target"] + labels]))
        self.engine.run(len(x) * length)
        self._cycles += len(x)

    def take_spikes(self) -> Spikes:
        """Spikes of the recorded populations since the last call, in circuit time."""
        steps, compartments = self.engine.take_spikes()
        taken = {}
        for name in self.recorded:
            first = self.numbers.first[name]
            of = (first <= compartments) & (compartments < first + self.circuit[name].size)
            taken[name] = sorted_spikes(steps[of] - 1, compartments[of] - first)
        return taken

    def copies(self) -> dict[str, np.ndarray]:
        """The weights of every projection that carries a matrix, by label, shape (n_pre, n_post) of each."""
        return {
            projection.label: self.engine.weights(k).reshape(
                self.circuit[projection.pre].size, self.circuit[projection.post].size
            )
            for k, projection in enumerate(self.circuit.projections)
            if projection.matrix
        }

    @contextmanager
    def engine_closed(self) -> Iterator[None]:
        """A context that ends the engine."""
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """End the engine."""
        self.engine.close()
