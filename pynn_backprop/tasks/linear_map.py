"""A linear map (Renner et al. 2020): a network without hidden units sees random values x with the targets x M.

The weights between its units become M.  It runs on any platform, and all platforms give the same weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..circuit.parameters import Parameters, default_parameters
from ..circuit.training import DEFAULT_FORM
from ..codes.code import Code
from ..codes.graded import between_units
from ..errors import InputError
from ..interfaces import Platform
from ..weights import Weights, initial_weights
from .parts import learnt_in_parts


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


def random_map(seed: int, n_in: int = 4, n_out: int = 3) -> np.ndarray:
    """A map with entries from 0 to 1 whose outputs stay within 0 and 1, shape (n_in, n_out)."""
    matrix = np.random.default_rng(seed).random((n_in, n_out))
    return np.asarray(matrix / np.maximum(1, matrix.sum(axis=0)))


def map_samples(matrix: np.ndarray, code: Code, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random values and what the map makes of them, as spikes: bool, (samples, n_in * n) and (samples, n_out * n)."""
    values = np.random.default_rng((seed, 1)).random((samples, len(matrix)))
    return code.fire(values), code.fire(np.clip(values @ matrix, 0, 1))


def learn_map(
    matrix: np.ndarray,
    code: Code,
    samples: int = 4000,
    seed: int = 0,
    parameters: Parameters | None = None,
    platform: Platform | None = None,
    every: int = 100,
    form: str = DEFAULT_FORM,
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
    form
        Of the circuit that learns, one of :data:`pynn_backprop.circuit.training.FORMS`.

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
    p = parameters or default_parameters(code)
    x, targets = map_samples(matrix, code, samples, seed)
    start = weights = initial_weights(matrix.shape, seed, parameters=p, code=code)
    shown, learnt, error = [0], [between_units(weights["W1"], code.n, p.quantum(code.n))], []
    for outputs, wanted, weights in learnt_in_parts(platform, start, code, p, x, targets, every, form):
        error.append(np.abs(outputs - wanted).mean(axis=1))
        shown.append(shown[-1] + len(outputs))
        learnt.append(between_units(weights["W1"], code.n, p.quantum(code.n)))
    return LearntMap(matrix, np.array(shown), np.array(learnt), np.concatenate(error), weights)
