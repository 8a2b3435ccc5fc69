r"""A sequence that is to be predicted, and what least squares make of it.

The sequence is autoregressive: :math:`v_t = c + \sum_j a_j v_{t-j} + \epsilon_t` with independent normal
:math:`\epsilon`, within 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..circuit.parameters import default_parameters
from ..circuit.predictive import BIAS, OPEN, predictive_circuit
from ..circuit.training import DEFAULT_FORM
from ..codes.code import Code
from ..errors import InputError
from ..weights import Weights
from .trial import Trial

COEFFICIENTS = (0.9, -0.6)
"""Of the sequence of the figure: it swings, with a period of about seven samples."""
NOISE, MEAN = 0.12, 0.5
ETA = 4
"""Change of a weight per coincidence.  Of 2, 4, 8 and 16, 4 predicted best in spikes (means of the last half of 4,000
samples, seeds 0 and 1): 2 learns too slowly, and the others shake the weights."""


def autoregressive(
    samples: int,
    seed: int,
    coefficients: Sequence[float] = COEFFICIENTS,
    noise: float = NOISE,
    mean: float = MEAN,
) -> np.ndarray:
    """An autoregressive sequence, from 0 to 1, shape (samples,).

    Parameters
    ----------
    samples
        How long it is.
    seed
        Of its noise.
    coefficients
        a, of the last value first.
    noise
        Standard deviation of epsilon.
    mean
        About which the sequence swings; it decides c.

    Raises
    ------
    InputError
        If the sequence would grow without bound.
    """
    check_count("samples", samples)
    a = np.asarray(coefficients, dtype=float)
    if not np.abs(np.roots([1.0, *-a])).max(initial=0) < 1:
        raise InputError(f"coefficients are {tuple(coefficients)}, with which the sequence would grow without bound")
    epsilon = np.random.default_rng(seed).normal(0.0, noise, samples)
    found = np.full(samples + len(a), mean)
    for t in range(samples):
        last = found[t : t + len(a)][::-1]
        found[t + len(a)] = np.clip(mean + a @ (last - mean) + epsilon[t], 0, 1)
    return found[len(a) :]


def sequence_sources(circuit: Circuit, values: np.ndarray) -> dict[str, np.ndarray]:
    """Which sources of a :func:`~pynn_backprop.circuit.predictive.predictive_circuit` fire.

    Parameters
    ----------
    circuit
        Which.
    values
        The sequence, from 0 to 1, shape (n_samples,).

    Returns
    -------
    dict
        Bool of shape (n_samples, size) by name.
    """
    fires = circuit.code.fire(np.asarray(values)[:, None])
    return {
        "input": fires,
        BIAS: np.ones((len(fires), circuit.code.n), bool),
        OPEN: np.ones((len(fires), 1), bool),
    }


def prediction_trial(
    code: Code,
    order: int,
    values: np.ndarray,
    weights: Weights | None = None,
    form: str = DEFAULT_FORM,
    eta: int = ETA,
) -> Trial:
    """A sequence, and the circuit that learns to predict it.

    Parameters
    ----------
    code
        Neurons of a unit, and their dither.
    order
        From how many of the last values.
    values
        The sequence, from 0 to 1, shape (n_samples,).
    weights
        To start from; all 0 but for the constant, which predicts 1/2, if None.
    form
        Of the circuit that learns.
    eta
        Change of a weight per coincidence.
    """
    strengths = replace(default_parameters(code, (order + 1, 1)), eta=eta)
    circuit = predictive_circuit(order, code, strengths, form)
    return Trial(circuit, sequence_sources(circuit, values), weights or _first_weights(circuit))


def _first_weights(circuit: Circuit) -> Weights:
    """An output that begins within its box can learn."""
    n, quantum = circuit.code.n, circuit.parameters.quantum(circuit.code.n)
    matrix = np.zeros(circuit.matrices["W1"], np.int64)
    matrix[-n:] = 2 * (quantum // 4)
    return {"W1": matrix}


def last_values(values: np.ndarray, order: int) -> np.ndarray:
    """What the circuit remembers: the last values, the latest first, and the constant 1, shape (n, order + 1).

    Before the first sample all values were 0.
    """
    values = np.asarray(values, dtype=float)
    padded = np.concatenate((np.zeros(order), values))
    lags = [padded[order - j : order - j + len(values)] for j in range(1, order + 1)]
    return np.column_stack([*lags, np.ones(len(values))])


def least_squares(values: np.ndarray, order: int) -> tuple[np.ndarray, float]:
    """The best prediction from the last values, and the root mean square that it leaves.

    Parameters
    ----------
    values
        The sequence, shape (n,).
    order
        From how many of the last values.

    Returns
    -------
    tuple
        Coefficients, the latest value first and the constant last, shape (order + 1,); and the error.
    """
    x, y = last_values(values, order)[order:], np.asarray(values, dtype=float)[order:]
    solution, *_ = np.linalg.lstsq(x, y, rcond=None)
    return solution, float(np.sqrt(np.mean((y - x @ solution) ** 2)))
