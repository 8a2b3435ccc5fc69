"""A small data set, and a platform with or without a defect to be compared with the reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Response
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

_random = np.random.default_rng(0)
N, N_TEST = 30, 12
COMPARED = {
    "x_train": _random.random((N, 16)),
    "y_train": np.arange(N) % 3,
    "x_test": _random.random((N_TEST, 16)),
    "y_test": np.arange(N_TEST) % 3,
}
SMALL = ("--data", "d.npz", "--hidden", "8")
COMPARE = ("compare", "reference", "other", *SMALL)


class Other(ReferencePlatform):
    """The reference under another name; a test puts a step simulator with a defect in its place."""

    name = "other"
    samples_per_run = 7
    simulator: type[StepSimulator] = StepSimulator

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> StepSimulator:
        return self.simulator(circuit, weights, record)


class LosesASpike(StepSimulator):
    """Of ``h``, the last of the second run of a training."""

    runs = 0

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        self.runs += 1
        return super().train(x, labels)

    def take_spikes(self) -> Spikes:
        spikes = super().take_spikes()
        return {**spikes, "h": spikes["h"][:-1]} if self.runs == 2 else spikes


class LearnsTooMuch(StepSimulator):
    """One weight of W2 is two too large, or too small."""

    def weights(self) -> Weights:
        weights = super().weights()
        weights["W2"][2, 1] += -2 if weights["W2"][2, 1] > 0 else 2
        return weights


class CopiesDiffer(StepSimulator):
    """Says so."""

    def check_copies(self) -> None:
        raise EqualityError("7 weights of W1 differ between two copies")
