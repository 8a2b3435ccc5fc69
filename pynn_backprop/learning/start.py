"""Where a training starts: what input neurons fire for values, and the first weights, as the code wants them."""

from __future__ import annotations

import os

import numpy as np

from ..circuit.parts import Circuit
from ..codes.code import Code
from ..codes.graded_weights import MIDDLE, graded_initial_weights, with_bias
from ..data import datasets
from ..errors import InputError
from ..weights import INITIALISATIONS, Weights, initial_weights, load_weights

ALIVE = INITIALISATIONS[0]


def input_spikes(values: np.ndarray, levels: int, code: Code) -> np.ndarray:
    """Which input neurons fire.

    Parameters
    ----------
    values : numpy.ndarray, shape (n_samples, n_features)
        From 0 to 1.
    levels : int
        Input neurons per value; must be 1 with a graded code, which has one unit per value and a bias unit.
    code : Code
        Neurons of a unit.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_in)

    Raises
    ------
    InputError
        If a value is no number from 0 to 1, or the code has no use for so many levels.
    """
    fires = datasets.encode(values, levels)
    if code.n == 1:
        return fires
    if levels != 1:
        raise InputError(f"levels is {levels} but must be 1 with a graded code, whose units take any value")
    return code.fire(with_bias(np.asarray(values, dtype=float)))


def starting_weights(
    circuit: Circuit,
    seed: int,
    how: str = ALIVE,
    path: str | os.PathLike[str] | None = None,
    input_mean: float | np.ndarray = MIDDLE,
) -> Weights:
    """The weights that a training starts from.

    Parameters
    ----------
    circuit : Circuit
        What is to be trained.
    seed : int
        Of random weights.
    how : str
        How random weights are drawn, see :func:`pynn_backprop.weights.initial_weights`.
    path : str, optional
        A file to read them from instead.
    input_mean : float or numpy.ndarray, shape (n_features,)
        Mean values of the inputs, which graded weights depend on.

    Returns
    -------
    Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        By name.

    Raises
    ------
    InputError
        If the file does not fit the circuit, or there is no such way to start.
    """
    code, parameters = circuit.code, circuit.parameters
    if path is not None:
        return load_weights(path, parameters, circuit.neurons, code)
    if code.n == 1:
        return initial_weights(circuit.units, seed, how, parameters)
    if how != ALIVE:
        raise InputError(f"the initialisation is {how!r} but must be {ALIVE!r} with a graded code")
    mean = np.broadcast_to(input_mean, (circuit.units[0] - 1,))
    if circuit.depth == 1:
        mean = np.append(mean, 1.0)  # the bias unit
    return graded_initial_weights(circuit.units, seed, code, parameters, mean)
