r"""Initial weights of graded circuits, and weights between units.

Why not simply random: the derivative of the clipped ReLU is 0 outside its box, so a unit whose drive is not inside for
some sample can't learn from it.  Two ways for training to fail from the beginning were found with XOR: the output's
drive is at or below 0 for a sample whose target is 1 (or above theta for one whose target is 0), and *all* hidden units
have negative drives for all samples.  Both are avoided if every unit starts in the *middle* of its box:

- the last input unit is a bias unit, whose value is always 1; its weight to hidden unit j is
  :math:`1/2 - \sum_i \bar x_i U_{ij}`, so that the mean input drives every hidden unit with 1/2;
- the last hidden unit hands the bias on: it is driven by the bias unit alone, with 0.9 (inside its box, so it can
  learn), and its weight to output k makes the output's drive 1/2 where all hidden units are at 1/2.  The other
  weights of the last matrix are small (0.02): with 0.1 an XOR pattern began near 1 and left the box in 2 of 220
  seeds, with 0.02 in none.
"""

from __future__ import annotations

import numpy as np

from ..circuit.parameters import Parameters, graded_parameters
from ..errors import InputError
from ..weights import Weights, neurons_of
from .code import Code

HANDED_ON = 0.9
MIDDLE = 0.5


def graded_initial_weights(
    units: tuple[int, ...],
    seed: int,
    code: Code,
    parameters: Parameters | None = None,
    input_mean: float | np.ndarray = MIDDLE,
    spread: tuple[float, float] = (1.0, 0.02),
) -> Weights:
    """Random weights that start every unit in the middle of its box; all synapses of two units get the same.

    Parameters
    ----------
    units
        Units of the layers, the bias unit included: (n_in, n_hidden, n_out), or (n_in, n_out), whose weights are all
        the same and drive the outputs with 1/2.
    seed
        Seed of numpy's default generator.
    code
        Neurons of a unit.
    parameters
        What a unit weight of 1 is, and the largest; :func:`~pynn_backprop.circuit.parameters.graded_parameters` if
        None.
    input_mean
        Mean values of the inputs without the bias unit.
    spread
        Standard deviation of the weights of the first matrix times the root of the number of inputs, and of the second.

    Returns
    -------
    dict
        Even int64 matrices between neurons, shape (n_pre * n, n_post * n), by name.

    Raises
    ------
    InputError
        If there is no room for a bias unit and another one in the input and the hidden layer.
    """
    parameters = parameters or graded_parameters(code.n)
    generator = np.random.default_rng(seed)
    if len(units) == 2:
        total = np.mean(np.broadcast_to(input_mean, (units[0],))) * units[0]
        if total <= 0:
            raise InputError(f"input_mean is {input_mean} but must not be 0 for all inputs")
        return {"W1": between_neurons(np.full(units, MIDDLE / total), code, parameters)}
    n_in, n_hidden, n_out = units
    if n_in < 2 or n_hidden < 2:
        raise InputError(f"units are {units} but need a bias unit besides another one in the input and hidden layer")
    mean = np.broadcast_to(np.asarray(input_mean, dtype=float), (n_in - 1,))
    first = generator.normal(0.0, spread[0] / np.sqrt(n_in - 1), (n_in, n_hidden))
    first[-1] = MIDDLE - mean @ first[:-1]
    first[:, -1] = 0.0
    first[-1, -1] = HANDED_ON
    last = generator.normal(0.0, spread[1], (n_hidden, n_out))
    last[-1] = (MIDDLE - MIDDLE * last[:-1].sum(axis=0)) / HANDED_ON
    return {
        "W1": between_neurons(first, code, parameters),
        "W2": between_neurons(last, code, parameters),
    }


def between_neurons(unit_weights: np.ndarray, code: Code, parameters: Parameters) -> np.ndarray:
    """Weights between neurons, even int64, from weights between units: the same for all synapses of two units.

    Parameters
    ----------
    unit_weights
        Shape (n_pre, n_post); with 1 a unit of value 1 drives the neurons of the other one with theta.
    code, parameters
        Neurons of a unit, and what a unit weight of 1 is; larger ones than w_max allows are clipped.

    Returns
    -------
    numpy.ndarray
        Shape (n_pre * n, n_post * n).
    """
    limit = parameters.w_max // 2 * 2
    scaled = 2 * np.rint(np.clip(unit_weights * parameters.quantum(code.n), -limit, limit) / 2)
    return np.kron(scaled.astype(np.int64), np.ones((code.n, code.n), np.int64))


def between_units(matrix: np.ndarray, code: Code, parameters: Parameters) -> np.ndarray:
    """Weights between units: means over all synapses of two units, in units of theta / n; see :func:`between_neurons`.

    Parameters
    ----------
    matrix
        Weights between neurons, shape (n_pre * n, n_post * n).
    code, parameters
        Neurons of a unit, and what a unit weight of 1 is.

    Returns
    -------
    numpy.ndarray
        Float, shape (n_pre, n_post).
    """
    rows, columns = matrix.shape
    units = matrix.reshape(rows // code.n, code.n, columns // code.n, code.n)
    return np.asarray(units.mean(axis=(1, 3)) / parameters.quantum(code.n))


def units_of(weights: Weights, code: Code) -> tuple[int, ...]:
    """Units of the layers that these matrices connect, input first.

    Raises
    ------
    InputError
        If a layer is no whole number of units.
    """
    sizes = neurons_of(weights)
    if any(size % code.n for size in sizes):
        raise InputError(f"the matrices connect layers of {sizes} neurons, but a unit has {code.n} of them")
    return tuple(size // code.n for size in sizes)


def with_bias(values: np.ndarray) -> np.ndarray:
    """`values` of shape (n, n_in) with one more column, the bias unit, whose value is always 1."""
    return np.concatenate([values, np.ones((len(values), 1))], axis=1)
