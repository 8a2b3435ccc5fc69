"""The reference with something changed, and its comparison with the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.comparison.compare import compare
from pynn_backprop.comparison.result import Comparison
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Response
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

SIZES, N, N_TEST, PER_RUN = (14, 9, 3), 20, 8, 6
_random = np.random.default_rng(1)
SAMPLES = Samples(
    _random.random((N, SIZES[0])) < 0.4,
    _random.integers(0, SIZES[-1], N),
    _random.random((N_TEST, SIZES[0])) < 0.4,
    _random.integers(0, SIZES[-1], N_TEST),
    SIZES[-1],
)
WEIGHTS = {"W1": _random.integers(-200, 254, SIZES[:2]), "W2": _random.integers(-100, 254, SIZES[1:])}
CIRCUIT = training_circuit(SIZES)
LENGTH = CIRCUIT.schedule.length


@dataclass
class Altered:
    """The reference with something changed; `when` is training or inference, `run` counts the runs of that circuit."""

    spikes: Callable[[Spikes], Any] = lambda spikes: spikes
    response: Callable[[Response], Response] = lambda response: response
    learnt: Callable[[Weights], Weights] = lambda weights: weights
    copies: str = ""
    raises: BaseException | None = None
    training: bool = True
    run: int = 1
    name: str = "altered"
    samples_per_run: int = PER_RUN
    built: list[AlteredCircuit] = field(default_factory=list)

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> AlteredCircuit:
        self.built.append(AlteredCircuit(self, StepSimulator(circuit, weights, record)))
        return self.built[-1]

    def describe(self) -> dict[str, str]:
        return {"platform": self.name, "version": "1"}


class AlteredCircuit:
    def __init__(self, platform: Altered, steps: StepSimulator) -> None:
        self.platform, self.steps = platform, steps
        self.meant = platform.training == steps.circuit.schedule.training
        self.runs, self.closed = 0, 0

    def _now(self) -> bool:
        return self.meant and self.runs == self.platform.run + 1

    def _answer(self, show: Callable[[], Response]) -> Response:
        self.runs += 1
        if self._now() and self.platform.raises is not None:
            raise self.platform.raises
        return self.platform.response(show()) if self._now() else show()

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        return self._answer(lambda: self.steps.train(x, labels))

    def infer(self, x: np.ndarray) -> Response:
        return self._answer(lambda: self.steps.infer(x))

    def take_spikes(self) -> Spikes:
        spikes = self.steps.take_spikes()
        return self.platform.spikes(spikes) if self._now() else spikes

    def weights(self) -> Weights:
        return self.platform.learnt(self.steps.weights()) if self.meant else self.steps.weights()

    def skip(self, samples: int) -> None:
        self.steps.skip(samples)

    def check_copies(self) -> None:
        if self.platform.copies:
            raise EqualityError(self.platform.copies)

    def close(self) -> None:
        self.closed += 1


def against_reference(platform: Any, **options: Any) -> Comparison:
    return compare({"good": ReferencePlatform(), "bad": platform}, CIRCUIT, SAMPLES, WEIGHTS, **options)


def all_spikes() -> Spikes:
    """What must fire in training, from the step simulator alone."""
    order = Presentation().order(N, 0)
    steps = StepSimulator(CIRCUIT, WEIGHTS)
    steps.train(SAMPLES.x_train[order], SAMPLES.y_train[order])
    return steps.take_spikes()


SPIKES = all_spikes()


def in_run(run: int, population: str) -> np.ndarray:
    """The spikes of a population in one of the runs of PER_RUN samples."""
    table = SPIKES[population]
    sample = table[:, 0] // LENGTH - 1
    return table[sample // PER_RUN == run]


def without(population: str, index: int) -> Callable[[Spikes], Spikes]:
    return lambda spikes: {**spikes, population: np.delete(spikes[population], index, axis=0)}


def changed(population: str, change: Callable[[np.ndarray], Any]) -> Callable[[Spikes], Spikes]:
    return lambda spikes: {**spikes, population: change(spikes[population])}


def altered_weights(name: str, index: tuple[int, int], change: int) -> Callable[[Weights], Weights]:
    def alter(weights: Weights) -> Weights:
        matrix = weights[name].copy()
        matrix[index] += change if abs(matrix[index] + change) <= 254 else -change
        return {**weights, name: matrix}

    return alter
