r"""The two tasks of Renner et al. (2020) for graded networks: a linear map, and XOR.

**Linear map.**  A network without hidden units sees random values x with the targets x M, and the weights between its
units become M.

**XOR.**  A network of three inputs (two values and the bias unit), hidden units and one output sees the four patterns
in random order.  It has solved the task if for every pattern the output is on the right side of 1/2, by `MARGIN`, in
each of N windows with different levels (with noise: in their mean).  With 12 hidden units of 32 rotating neurons 1,396
of 1,400 networks had solved it after 2,600 to 4,000 presentations; three of the others never did.

Both run on any platform, and all platforms give the same weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..circuit.parameters import Parameters, default_parameters
from ..circuit.published import training_circuit
from ..codes.code import Code
from ..codes.graded_weights import between_units, graded_initial_weights, units_of, with_bias
from ..errors import InputError
from ..interfaces import Platform
from ..learning.training import evaluate
from ..platforms import ReferencePlatform
from ..reference.graded_rule import GradedOracle
from ..weights import Weights

PATTERNS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
EXCLUSIVE_OR = np.array([0.0, 1.0, 1.0, 0.0])
MARGIN = 0.25
"""How far an output must be from 1/2."""


@dataclass(frozen=True)
class LearntMap:
    """How a linear map was learnt.

    Parameters
    ----------
    matrix
        The map, shape (n_in, n_out).
    shown
        After how many samples the weights were read, shape (n_readings,), 0 first.
    learnt
        Weights between units, shape (n_readings, n_in, n_out).
    output_error
        Mean distance of the outputs from their targets before each sample was learnt, shape (n_samples,).
    weights
        Weights between neurons in the end.
    """

    matrix: np.ndarray
    shown: np.ndarray
    learnt: np.ndarray
    output_error: np.ndarray
    weights: Weights

    @property
    def worst(self) -> np.ndarray:
        """Largest distance of a weight from the map, shape (n_readings,)."""
        return np.asarray(np.abs(self.learnt - self.matrix).max(axis=(1, 2)))


@dataclass(frozen=True)
class LearntXor:
    """How XOR was learnt.

    Parameters
    ----------
    code
        Neurons of a unit and their dither.
    shown
        After how many presentations the outputs were read, shape (n_readings,), 0 first.
    outputs
        Share of firing output neurons, shape (n_readings, 4, n_windows), in the order of `PATTERNS`.
    weights
        Weights between neurons in the end.
    """

    code: Code
    shown: np.ndarray
    outputs: np.ndarray
    weights: Weights

    @property
    def margins(self) -> np.ndarray:
        """The smallest distance from 1/2 towards the right side, shape (n_readings,); negative on the wrong side."""
        judged = self.outputs.mean(axis=2, keepdims=True) if self.code.bits else self.outputs
        wanted = 2 * EXCLUSIVE_OR[:, None] - 1
        return np.asarray((wanted * (judged - 0.5)).min(axis=(1, 2)))

    @property
    def solved_at(self) -> int | None:
        """After how many presentations it was solved and stayed so; None if it is not in the end."""
        failed = np.flatnonzero(self.margins < MARGIN)
        if len(failed) and failed[-1] == len(self.shown) - 1:
            return None
        return int(self.shown[failed[-1] + 1 if len(failed) else 0])


def random_map(seed: int, n_in: int = 4, n_out: int = 3) -> np.ndarray:
    """A map with entries from 0 to 1 whose outputs stay within 0 and 1, shape (n_in, n_out)."""
    matrix = np.random.default_rng(seed).random((n_in, n_out))
    return np.asarray(matrix / np.maximum(1, matrix.sum(axis=0)))


def map_samples(matrix: np.ndarray, code: Code, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random values and what the map makes of them, as spikes: bool, (samples, n_in * n) and (samples, n_out * n)."""
    values = np.random.default_rng((seed, 1)).random((samples, len(matrix)))
    return code.fire(values), code.fire(np.clip(values @ matrix, 0, 1))


def xor_samples(code: Code, presentations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """XOR patterns in random order, as spikes: bool of shape (presentations, 3 * n) and (presentations, n)."""
    chosen = np.random.default_rng((seed, 1)).integers(0, len(PATTERNS), presentations)
    return code.fire(with_bias(PATTERNS)[chosen]), code.fire(EXCLUSIVE_OR[chosen, None])


def learn_map(
    matrix: np.ndarray,
    code: Code,
    samples: int = 4000,
    seed: int = 0,
    parameters: Parameters | None = None,
    platform: Platform | None = None,
    every: int = 100,
) -> LearntMap:
    """Learn a linear map from random values.

    Parameters
    ----------
    matrix
        The map, shape (n_in, n_out); entries from 0 to 1, columns with a sum of at most 1.
    code
        Neurons of a unit and their dither.
    samples
        How many there are; each is shown once.
    seed
        Decides the samples.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    platform
        Where; the reference if None.
    every
        Samples between two readings of the weights.

    Returns
    -------
    LearntMap

    Raises
    ------
    InputError
        If a value is out of its range.
    """
    matrix = np.asarray(matrix, dtype=float)
    check_count("samples", samples)
    if matrix.ndim != 2 or not (matrix.min() >= 0 and matrix.sum(axis=0).max() <= 1 + 1e-9):
        raise InputError(
            f"matrix is {matrix.tolist()} but must have entries from 0 and columns with a sum of at most 1"
        )
    p = parameters or default_parameters(code.n)
    x, targets = map_samples(matrix, code, samples, seed)
    start = weights = graded_initial_weights(matrix.shape, seed, code, p)
    shown, learnt, error = [0], [between_units(weights["W1"], code, p)], []
    for outputs, wanted, weights in _learning(platform, start, code, p, x, targets, every):
        error.append(np.abs(outputs - wanted).mean(axis=1))
        shown.append(shown[-1] + len(outputs))
        learnt.append(between_units(weights["W1"], code, p))
    return LearntMap(matrix, np.array(shown), np.array(learnt), np.concatenate(error), weights)


def learn_xor(
    code: Code,
    hidden: int = 12,
    presentations: int = 4000,
    seed: int = 0,
    parameters: Parameters | None = None,
    platform: Platform | None = None,
    every: int = 200,
) -> LearntXor:
    """Learn XOR.

    Parameters
    ----------
    code
        Neurons of a unit and their dither.
    hidden
        Hidden units, of which one hands the bias on.
    presentations
        How many patterns are shown.
    seed
        Decides the order of patterns and the initial weights.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    platform
        Where it learns, and answers in the end; the reference if None.
    every
        Presentations between two readings of the outputs.

    Returns
    -------
    LearntXor
        The last reading is the platform's own answer, those before are what the rule answers with its weights.
    """
    check_count("presentations", presentations)
    check_count("hidden", hidden, 2)
    p = parameters or default_parameters(code.n)
    x, targets = xor_samples(code, presentations, seed)
    start = weights = graded_initial_weights((x.shape[1] // code.n, hidden, 1), seed, code, p)
    asked = np.repeat(code.fire(with_bias(PATTERNS)), code.n, axis=0)
    shown, outputs = [0], [_answers(weights, code, p, asked)]
    for answered, _, weights in _learning(platform, start, code, p, x, targets, every):
        shown.append(shown[-1] + len(answered))
        outputs.append(_answers(weights, code, p, asked))
    last = evaluate(platform or ReferencePlatform(), asked, weights, p, code=code).outputs
    outputs[-1] = last.reshape(len(PATTERNS), code.n)
    return LearntXor(code, np.array(shown), np.array(outputs), weights)


def _answers(weights: Weights, code: Code, parameters: Parameters, asked: np.ndarray) -> np.ndarray:
    """What the rule answers: shares of output neurons, shape (4, n_windows)."""
    fired = GradedOracle(weights, code, parameters).infer(asked).outputs
    return np.asarray(code.counts(fired).reshape(len(PATTERNS), -1) / code.n)


def _learning(
    platform: Platform | None,
    weights: Weights,
    code: Code,
    parameters: Parameters,
    x: np.ndarray,
    targets: np.ndarray,
    every: int,
) -> Iterator[tuple[np.ndarray, np.ndarray, Weights]]:
    """Show all samples, some at a time; yields outputs and targets, 0 to 1, and the weights after each part."""
    check_count("every", every)
    circuit = training_circuit(units_of(weights, code), parameters, code)
    running = (platform or ReferencePlatform()).build(circuit, weights)
    try:
        for first in range(0, len(x), every):
            part = slice(first, first + every)
            outputs = running.train(x[part], targets[part]).outputs
            yield code.counts(outputs) / code.n, code.counts(targets[part]) / code.n, running.weights()
    finally:
        running.close()
