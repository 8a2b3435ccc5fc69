"""What platforms are shown: samples, labels and the weights to start from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import DEFAULT_FORM, training_circuit
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights, initial_weights


@dataclass(frozen=True)
class Case:
    """Samples, bool (n, n_in), their labels, and weights that a network of these layers starts from."""

    layer_sizes: tuple[int, ...]
    x: np.ndarray
    labels: np.ndarray
    weights: Weights
    parameters: Parameters = field(default_factory=Parameters)
    form: str = DEFAULT_FORM

    def circuit(self) -> Circuit:
        """What learns them."""
        return training_circuit(self.layer_sizes, self.parameters, form=self.form)

    def rule(self) -> Rule:
        """What it must equal."""
        return Rule(self.weights, self.parameters, form=self.form)

    def chunks(self, n_chunks: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Samples and labels in parts, of unequal sizes, to be shown one after the other."""
        edges = [0, *(len(self.x) * k * (k + 1) // (n_chunks * (n_chunks + 1)) for k in range(1, n_chunks + 1))]
        return [(self.x[low:high], self.labels[low:high]) for low, high in pairwise(edges)]


def random_case(
    layer_sizes: tuple[int, ...],
    n_samples: int,
    seed: int = 0,
    density: float = 0.3,
    theta: int = 1024,
    form: str = DEFAULT_FORM,
) -> Case:
    """Random samples, and even weights over the full range: a Loihi synapse whose sign may change holds no odd ones."""
    generator = np.random.default_rng(seed)
    parameters = Parameters(theta=theta, bias=8192)
    w_max = parameters.w_max
    return Case(
        layer_sizes,
        generator.random((n_samples, layer_sizes[0])) < density,
        generator.integers(0, layer_sizes[-1], n_samples),
        {
            f"W{k}": 2 * generator.integers(-w_max // 2, w_max // 2, shape, endpoint=True)
            for k, shape in enumerate(pairwise(layer_sizes), 1)
        },
        parameters,
        form,
    )


def blurred_prototypes(n_samples: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Samples that look a little like MNIST's 20x20: ten classes, 100 of 400 pixels each, a tenth of them moved."""
    generator = np.random.default_rng(seed)
    prototypes = generator.permuted(np.tile(np.arange(400) < 100, (10, 1)), axis=1)
    labels = generator.integers(0, 10, n_samples)
    noise = generator.random((n_samples, 400)) < 0.1
    return np.where(noise, generator.random((n_samples, 400)) < 0.25, prototypes[labels]), labels


def image_case(
    x: np.ndarray, labels: np.ndarray, seed: int = 0, hidden: tuple[int, ...] = (400,), form: str = DEFAULT_FORM
) -> Case:
    """Images of 20x20, and a network, that of the paper if not said otherwise, with its initial weights."""
    layer_sizes = (400, *hidden, 10)
    return Case(layer_sizes, x, labels, initial_weights(layer_sizes, seed), form=form)
