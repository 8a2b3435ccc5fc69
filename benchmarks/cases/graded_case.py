"""Cases whose values are graded: each is the share of the neurons of a unit that fire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.circuit.parameters import default_parameters
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import Graded, between_units
from pynn_backprop.codes.graded_start import with_bias
from pynn_backprop.data.samples import Samples
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.tasks import linear_map, xor
from pynn_backprop.weights import Weights, initial_weights

from .case import Case

NEURONS = 32
"""Neurons of a unit."""


def graded() -> Code:
    """The code of all graded cases: 32 neurons a unit, whose levels rotate."""
    return Graded(NEURONS)


@dataclass(frozen=True)
class GradedCase(Case):
    """A case with weights between units of several neurons.

    Parameters as those of :class:`~benchmarks.cases.case.Case`.
    """

    def initial_weights(self, units: tuple[int, ...], seed: int) -> Weights:
        """See :meth:`benchmarks.cases.case.Case.initial_weights`."""
        return initial_weights(units, seed, code=self.code)


@dataclass(frozen=True)
class LinearMap(GradedCase):
    """A random map for each seed; its weights are to be learnt from random values.

    Parameters
    ----------
    largest_error
        How far a weight between units may be from the map.
    """

    largest_error: float = 0.03

    def load(self, samples: int, test_samples: int, seed: int) -> Samples:
        """See :meth:`benchmarks.cases.case.Case.load`.

        :mod:`pynn_backprop.tasks.graded_tasks` makes the random values.
        """
        matrix = linear_map.random_map(seed, self.inputs, self.outputs)
        x, wanted = linear_map.map_samples(matrix, self.code, samples + test_samples, seed)
        return Samples(x[:samples], wanted[:samples], x[samples:], wanted[samples:], self.outputs)

    def score(self, evaluation: Evaluation, samples: Samples, weights: Weights, seed: int) -> dict[str, float]:
        """See :meth:`benchmarks.cases.case.Case.score`."""
        matrix = linear_map.random_map(seed, self.inputs, self.outputs)
        learnt = between_units(weights["W1"], self.code.n, default_parameters(self.code).quantum(self.code.n))
        wanted = self.code.counts(samples.y_test) / self.code.n
        return {
            "LargestWeightError": float(np.abs(learnt - matrix).max()),
            "MeanOutputError": float(np.abs(evaluation.outputs - wanted).mean()),
        }

    def reached(self, metrics: Mapping[str, Any]) -> bool:
        """See :meth:`benchmarks.cases.case.Case.reached`."""
        return bool(metrics["LargestWeightError"] <= self.largest_error)

    @property
    def wanted(self) -> str:
        """See :attr:`benchmarks.cases.case.Case.wanted`."""
        return f"no weight further than {self.largest_error} from the map"


@dataclass(frozen=True)
class ExclusiveOr(GradedCase):
    """The four patterns in random order; each is asked in every window, that is, with all levels."""

    def load(self, samples: int, test_samples: int, seed: int) -> Samples:
        """See :meth:`benchmarks.cases.case.Case.load`."""
        x, wanted = xor.xor_samples(self.code, samples, seed)
        asked = np.repeat(self.code.fire(with_bias(xor.PATTERNS)), self.code.n, axis=0)
        right = np.repeat(self.code.fire(xor.EXCLUSIVE_OR[:, None]), self.code.n, axis=0)
        return Samples(x, wanted, asked[:test_samples], right[:test_samples], self.outputs)

    def score(self, evaluation: Evaluation, samples: Samples, weights: Weights, seed: int) -> dict[str, float]:
        """See :meth:`benchmarks.cases.case.Case.score`; an answer is right if it is on the right side of one half."""
        wanted = self.code.counts(samples.y_test) / self.code.n
        margins = (2 * wanted - 1) * (evaluation.outputs - 0.5)
        return {"ClassificationAccuracy": float(np.mean(margins > 0)), "SmallestMargin": float(margins.min())}

    def reached(self, metrics: Mapping[str, Any]) -> bool:
        """See :meth:`benchmarks.cases.case.Case.reached`."""
        return bool(metrics["SmallestMargin"] >= xor.MARGIN)

    @property
    def wanted(self) -> str:
        """See :attr:`benchmarks.cases.case.Case.wanted`."""
        return f"every output {xor.MARGIN} from one half, on the right side"
