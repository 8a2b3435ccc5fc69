"""Learning with a look at the weights from time to time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..checks import check_count
from ..circuit.parameters import Parameters
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.code import Code
from ..interfaces import Platform
from ..platforms import ReferencePlatform
from ..weights import Weights, units_of


def learnt_in_parts(
    platform: Platform | None,
    weights: Weights,
    code: Code,
    parameters: Parameters,
    x: np.ndarray,
    targets: np.ndarray,
    every: int,
    form: str = DEFAULT_FORM,
) -> Iterator[tuple[np.ndarray, np.ndarray, Weights]]:
    """Show all samples, some at a time; yields outputs and targets, 0 to 1, and the weights after each part."""
    check_count("every", every)
    circuit = training_circuit(units_of(weights, code), parameters, code, form)
    running = (platform or ReferencePlatform()).build(circuit, weights)
    try:
        for first in range(0, len(x), every):
            part = slice(first, first + every)
            outputs = running.train(x[part], targets[part]).outputs
            yield code.counts(outputs) / code.n, code.counts(targets[part]) / code.n, running.weights()
    finally:
        running.close()
