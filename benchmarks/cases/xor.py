"""The exclusive or, the second task of Renner et al. (2020)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pynn_backprop.codes.graded_start import with_bias
from pynn_backprop.data.samples import Samples
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.tasks.xor import EXCLUSIVE_OR, MARGIN, PATTERNS, xor_samples
from pynn_backprop.weights import Weights

from .base import GRADED_NEURONS, GradedCase


@dataclass(frozen=True)
class ExclusiveOr(GradedCase):
    """The four patterns in random order; each is asked in every window, that is, with all levels."""

    def load(self, samples: int, test_samples: int, seed: int) -> Samples:
        """See :meth:`benchmarks.cases.base.Case.load`."""
        x, wanted = xor_samples(self.code, samples, seed)
        asked = np.repeat(self.code.fire(with_bias(PATTERNS)), self.code.n, axis=0)
        right = np.repeat(self.code.fire(EXCLUSIVE_OR[:, None]), self.code.n, axis=0)
        return Samples(x, wanted, asked[:test_samples], right[:test_samples], self.outputs)

    def score(self, evaluation: Evaluation, samples: Samples, weights: Weights, seed: int) -> dict[str, float]:
        """See :meth:`benchmarks.cases.base.Case.score`; an answer is right if it is on the right side of one half."""
        wanted = self.code.counts(samples.y_test) / self.code.n
        margins = (2 * wanted - 1) * (evaluation.outputs - 0.5)
        return {"ClassificationAccuracy": float(np.mean(margins > 0)), "SmallestMargin": float(margins.min())}

    def reached(self, metrics: Mapping[str, Any]) -> bool:
        """See :meth:`benchmarks.cases.base.Case.reached`."""
        return bool(metrics["SmallestMargin"] >= MARGIN)

    @property
    def wanted(self) -> str:
        """See :attr:`benchmarks.cases.base.Case.wanted`."""
        return f"every output {MARGIN} from one half, on the right side"


CASE = ExclusiveOr(
    name="xor",
    summary="the exclusive or of two values and a bias unit, 32 neurons a value",
    inputs=3,
    outputs=1,
    hidden=12,
    hidden_sizes=(12,),
    samples=4000,
    test_samples=len(PATTERNS) * GRADED_NEURONS,
    epochs=1,
    correct="weights and answers equal the integer rule's; and every output is on the right side of one half",
)
