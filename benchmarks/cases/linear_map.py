"""A linear map of four values to three, the first task of Renner et al. (2020)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.circuit.parameters import default_parameters
from pynn_backprop.codes.graded import between_units
from pynn_backprop.data.samples import Samples
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.tasks.linear_map import map_samples, random_map
from pynn_backprop.weights import Weights

from .base import GradedCase


@dataclass(frozen=True)
class LinearMap(GradedCase):
    """A random map for each seed; its weights are to be learnt from random values.

    Parameters
    ----------
    largest_error : float
        How far a weight between units may be from the map.
    """

    largest_error: float = 0.03

    def load(self, samples: int, test_samples: int, seed: int) -> Samples:
        """See :meth:`benchmarks.cases.base.Case.load`.

        :mod:`pynn_backprop.tasks.graded_tasks` makes the random values.
        """
        matrix = random_map(seed, self.inputs, self.outputs)
        x, wanted = map_samples(matrix, self.code, samples + test_samples, seed)
        return Samples(x[:samples], wanted[:samples], x[samples:], wanted[samples:], self.outputs)

    def score(self, evaluation: Evaluation, samples: Samples, weights: Weights, seed: int) -> dict[str, float]:
        """See :meth:`benchmarks.cases.base.Case.score`."""
        matrix = random_map(seed, self.inputs, self.outputs)
        learnt = between_units(weights["W1"], self.code.n, default_parameters(self.code).quantum(self.code.n))
        wanted = self.code.counts(samples.y_test) / self.code.n
        return {
            "LargestWeightError": float(np.abs(learnt - matrix).max()),
            "MeanOutputError": float(np.abs(evaluation.outputs - wanted).mean()),
        }

    def reached(self, metrics: Mapping[str, Any]) -> bool:
        """See :meth:`benchmarks.cases.base.Case.reached`."""
        return bool(metrics["LargestWeightError"] <= self.largest_error)

    @property
    def wanted(self) -> str:
        """See :attr:`benchmarks.cases.base.Case.wanted`."""
        return f"no weight further than {self.largest_error} from the map"


CASE = LinearMap(
    name="linear-map",
    summary="a linear map of four values to three, 32 neurons a value",
    inputs=4,
    outputs=3,
    hidden=0,
    hidden_sizes=(0,),
    samples=4000,
    test_samples=200,
    epochs=1,
    correct="weights and answers equal the integer rule's; and the weights between units are the map's",
)
