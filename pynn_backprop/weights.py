"""Weight matrices: integers of shape (n_pre, n_post), by the names ``W1``, ``W2``; how they start, and their files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from operator import mul
from typing import Any

import numpy as np

from .arguments import checked
from .checks import as_array, check_count, shown
from .circuit.circuit import Circuit
from .circuit.parameters import Parameters, default_parameters
from .circuit.schedule import depth_of
from .codes.binary import Binary
from .codes.code import Code
from .errors import EqualityError, InputError
from .files import read_npz, write_npz
from .resources import check_memory

Weights = Mapping[str, np.ndarray]

BYTES_TO_DRAW = 24
"""What a random weight takes while it is drawn: as a float, rounded, and as an integer."""

SPARE_BYTES = 2**20
"""So much more than it must may a file of weights hold before it is not even read."""


@checked
def initial_weights(
    units: tuple[int, ...],
    seed: int,
    how: str = "alive",
    parameters: Parameters | None = None,
    code: Code | None = None,
    input_mean: float | np.ndarray | None = None,
) -> Weights:
    """Random weights to start from, as the code makes them (:meth:`pynn_backprop.codes.code.Code.initial_weights`).

    Parameters
    ----------
    units
        Units of the layers, input first.
    seed
        Seed of numpy's default generator; the same seed gives the same weights on every platform.
    how
        ``alive`` or ``paper``, see :class:`~pynn_backprop.codes.binary.Binary`.
    parameters
        Threshold and largest weight; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    code
        How numbers become spikes; one neuron a unit if None.
    input_mean
        Mean value of each feature, if it is known.

    Returns
    -------
    dict
        Int64 matrices between neurons, of shape (n_pre, n_post), by name.

    Raises
    ------
    InputError
        If there is no such way to start, or the units leave no room for it.

    Examples
    --------
    >>> initial_weights((3, 2), seed=0)
    {'W1': array([[ 202,   34],
           [ 240,  188],
           [-226,  240]])}
    """
    check_count("seed", seed, 0)
    depth_of(units)
    if input_mean is not None:
        input_mean = _checked_mean(input_mean)
    code = code or Binary()
    p = parameters or default_parameters(code, units)
    sizes = [int(size) * code.n for size in units]
    check_memory(f"weights between layers of {sizes} neurons", BYTES_TO_DRAW * sum(map(mul, sizes, sizes[1:])))
    matrices = code.initial_weights(tuple(units), seed, how, p.theta, p.w_max, input_mean)
    return {f"W{k}": matrix for k, matrix in enumerate(matrices, 1)}


def _checked_mean(given: object) -> np.ndarray:
    """Means of inputs, one or many."""
    mean = as_array("input_mean", given)
    if mean.dtype.kind not in "biuf" or mean.ndim > 1 or not mean.size or not np.all((mean >= 0) & (mean <= 1)):
        raise InputError(f"input_mean is {shown(given)} but must be numbers from 0 to 1, shape () or (n_features,)")
    return mean


class CheckedWeights(Mapping[str, np.ndarray]):
    """Matrices that :func:`check_weights` let through; nobody can change them, so they need not be checked again.

    Parameters
    ----------
    matrices : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        What was checked, ``W1`` first.
    w_max : int
        The bound that they keep.
    """

    def __init__(self, matrices: Mapping[str, np.ndarray], w_max: int) -> None:
        self.w_max = w_max
        self._matrices = dict(matrices)
        for matrix in self._matrices.values():
            matrix.flags.writeable = False

    def __getitem__(self, name: str) -> np.ndarray:
        return self._matrices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._matrices)

    def __len__(self) -> int:
        return len(self._matrices)

    def __repr__(self) -> str:
        return f"CheckedWeights({self._matrices}, w_max={self.w_max})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles can't be changed either."""
        return CheckedWeights, (self._matrices, self.w_max)


@checked
def starting_weights(
    circuit: Circuit,
    seed: int,
    how: str = "alive",
    path: str | os.PathLike[str] | None = None,
    input_mean: float | np.ndarray | None = None,
) -> Weights:
    """The weights that a training starts from.

    Parameters
    ----------
    circuit : Circuit
        What is to be trained.
    seed : int
        Of random weights.
    how : str
        How random weights are drawn, see :func:`initial_weights`.
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
    if path is not None:
        return load_weights(path, circuit.parameters, circuit.neurons, circuit.code)
    return initial_weights(circuit.units, seed, how, circuit.parameters, circuit.code, input_mean)


@checked
def check_weights(
    weights: Weights, parameters: Parameters, neurons: tuple[int, ...] | None = None, source: str = "weights"
) -> CheckedWeights:
    """Check names, shapes, integers and bounds.

    The numbers are looked at only once: of :class:`CheckedWeights` within the same bound only names and shapes are
    checked, and they are returned as they are.

    Parameters
    ----------
    weights : Mapping of str to numpy.ndarray, shape (n_pre, n_post)
        The matrices by name.
    parameters : Parameters
        They hold the bound.
    neurons : tuple of int, optional
        Neurons of the layers that the matrices must connect, input first.
    source : str
        What to call the weights in an error.

    Returns
    -------
    CheckedWeights
        As int64, in order.

    Raises
    ------
    InputError
        Names the matrix and the value that is wrong.
    """
    names = [f"W{k}" for k in range(1, (len(neurons) if neurons else len(weights) + 1))]
    if not names or set(weights) != set(names):
        held, wanted = ", ".join(sorted(map(str, weights))) or "nothing", ", ".join(names) or "W1, or W1 and W2"
        raise InputError(f"{source} holds {held} but must hold {wanted}")
    if isinstance(weights, CheckedWeights) and weights.w_max <= parameters.w_max:
        checked = weights
    else:
        matrices = {name: _checked_matrix(f"{source}: {name}", weights[name], parameters.w_max) for name in names}
        checked = CheckedWeights(matrices, parameters.w_max)
    for k, (name, matrix) in enumerate(checked.items()):
        below = checked[names[k - 1]].shape[1] if k else matrix.shape[0]
        expected = (neurons[k], neurons[k + 1]) if neurons else (below, matrix.shape[1])
        if matrix.shape != expected:
            raise InputError(f"{source}: {name} has shape {matrix.shape} but must have {expected}")
    return checked


def _checked_matrix(name: str, values: np.ndarray, w_max: int) -> np.ndarray:
    matrix = as_array(name, values)
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise InputError(f"{name} has shape {matrix.shape} but must be a matrix (n_pre, n_post)")
    if matrix.dtype.kind not in "iuf":
        raise InputError(f"{name} is of type {matrix.dtype} but must hold integers")
    if matrix.dtype.kind == "f":
        wrong = ~np.isfinite(matrix) | (matrix != np.rint(matrix))
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise InputError(f"{name}{list(index)} is {matrix[index]} but weights must be integers")
    beyond = np.abs(matrix.astype(np.float64)) > w_max
    if beyond.any():
        index = tuple(int(i) for i in np.argwhere(beyond)[0])
        raise InputError(f"{name}{list(index)} is {matrix[index]} but must lie within -{w_max} and {w_max} (w_max)")
    return matrix.astype(np.int64)


def signed_copy(matrix: np.ndarray, sign: int, transpose: bool) -> np.ndarray:
    """sign * matrix, or sign * matrix transposed; as a projection carries it."""
    return sign * (matrix.T if transpose else matrix)


def check_copies(circuit: Circuit, copies: dict[str, np.ndarray]) -> None:
    """Check that all copies of each weight matrix are equal.

    Parameters
    ----------
    circuit
        The circuit.
    copies
        Weights by label of the projection, as the ``copies`` methods of networks return them.

    Raises
    ------
    EqualityError
        Names the two projections and the first synapse that differs.
    """
    for matrix in circuit.matrices:
        first, *others = circuit.copies(matrix)
        reference = signed_copy(copies[first.label], first.sign, first.transpose)
        for other in others:
            values = signed_copy(copies[other.label], other.sign, other.transpose)
            wrong = np.argwhere(values != reference)
            if len(wrong):
                i, j = (int(index) for index in wrong[0])
                raise EqualityError(
                    f"{len(wrong)} weights of {matrix} differ between {first.label} and {other.label}, the first at "
                    f"[{i}, {j}]: {reference[i, j]} and {values[i, j]}"
                )


def neurons_of(weights: Weights) -> tuple[int, ...]:
    """Neurons of the layers that these matrices connect, input first."""
    matrices = list(weights.values())
    return (*(matrix.shape[0] for matrix in matrices), matrices[-1].shape[1])


@checked
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


@checked
def save_weights(path: str | os.PathLike[str], weights: Weights, code: Code | None = None) -> None:
    """Write the matrices to an ``.npz`` file under their names, and as ``code`` the code's name if it is not binary."""
    label = {} if code is None or code.name == Binary().name else {"code": np.array(code.name)}
    write_npz(path, {**weights, **label})


@checked
def load_weights(
    path: str | os.PathLike[str],
    parameters: Parameters | None = None,
    neurons: tuple[int, ...] | None = None,
    code: Code | None = None,
) -> CheckedWeights:
    """Read matrices that :func:`save_weights` wrote, or any ``.npz`` with integer arrays ``W1``, ``W2`` and so on.

    Raises
    ------
    InputError
        If the file is broken, one of the matrices is missing, they are not integers within w_max, or of other sizes
        than `neurons` (in neurons), or of a circuit with another code than `code` (binary if None).
    """
    most = None if neurons is None else 8 * sum(map(mul, neurons, neurons[1:])) + SPARE_BYTES
    arrays = read_npz(path, (), r"W\d+|code", most)
    held, wanted = str(arrays.get("code", Binary().name)), (code or Binary()).name
    if held != wanted:
        raise InputError(f"{path} holds weights of a circuit with the code {held}, but the code here is {wanted}")
    weights = {name: array for name, array in arrays.items() if name != "code"}
    last = max((int(name[1:]) for name in weights), default=0)
    missing = [f"W{k}" for k in range(1, last) if f"W{k}" not in weights]
    if missing:
        raise InputError(f"{path} holds W{last} but lacks {', '.join(missing)}")
    return check_weights(weights, parameters or Parameters(), neurons, source=str(path))
