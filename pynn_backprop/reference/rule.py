r"""What every platform must equal: the integer rule.

:class:`Rule` is the rule of Renner et al. (2024) as a few lines of integer arithmetic, compiled with numba.  With
binary :math:`x, h, o`, targets :math:`t`, drives :math:`u = x W_1`, :math:`v = h W_2` and threshold
:math:`\theta`, one sample does

.. math::

    h &= [u > \theta/2] \qquad o = [v > \theta/2] \\
    d^+ &= t \wedge \neg o \wedge [v > 0] \qquad
    d^- = o \wedge \neg t \wedge [v > 0] \wedge \neg [v > \theta] \\
    \delta &= \operatorname{sign}\bigl((d^+ - d^-) W_2^T\bigr) \; [0 < u] \; \neg [u > \theta] \\
    W_1 &\leftarrow \operatorname{clip}(W_1 + \eta \, x \otimes \delta) \qquad
    W_2 \leftarrow \operatorname{clip}(W_2 + \eta \, h \otimes (d^+ - d^-))

with the :math:`W_2` from before the sample in :math:`\delta`, and weights clipped to :math:`\pm w_{max}`.  With one
weight matrix the hidden layer is left out.

"""

from __future__ import annotations

import numba
import numpy as np

from ..circuit.parameters import Parameters
from ..errors import EqualityError, InputError
from ..interfaces import Response
from ..spikes import Spikes
from ..weights import Weights, check_weights


class Rule:
    """The integer rule.

    Parameters
    ----------
    weights
        ``W1`` of shape (n_in, n_hidden) and ``W2`` of shape (n_hidden, n_out), or only ``W1`` of shape
        (n_in, n_out); integers.  They are copied.
    parameters
        Threshold, weight change and bound; the published ones if None.
    """

    def __init__(self, weights: Weights, parameters: Parameters | None = None) -> None:
        self.parameters = parameters or Parameters()
        self._matrices = tuple(
            np.array(matrix, dtype=np.int32, order="C") for matrix in check_weights(weights, self.parameters).values()
        )

    def weights(self) -> Weights:
        """A copy of the weight matrices, int64, by name."""
        return {f"W{k}": matrix.astype(np.int64) for k, matrix in enumerate(self._matrices, 1)}

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Learn from samples, one after the other.

        Parameters
        ----------
        x
            Bool, shape (n, n_in): which input neurons fire.
        labels
            Integers, shape (n,): the index of the target neuron.

        Returns
        -------
        Response
            The outputs before each sample was learnt, and their drive.

        Raises
        ------
        EqualityError
            If a replay would drive a neuron so hard that the circuit could not keep it silent: the spiking circuit
            would then no longer follow the rule.
        """
        x = checked_samples(x, self._matrices[0].shape[0])
        labels = checked_labels(labels, len(x), self._matrices[-1].shape[1])
        p = self.parameters
        potentials, silent_drive = _train(x, labels, self._matrices, p.theta, p.eta, p.w_max)
        if silent_drive > p.largest_silent_drive:
            raise EqualityError(
                f"a replay drives a silent neuron with up to {silent_drive}, but the circuit's inhibition holds only "
                f"{p.largest_silent_drive}: use a larger bias, Parameters(bias=...)"
            )
        return Response(potentials > p.theta // 2, potentials)

    def infer(self, x: np.ndarray) -> Response:
        """The outputs for `x`, bool of shape (n, n_in), without learning."""
        potentials = _infer(checked_samples(x, self._matrices[0].shape[0]), self._matrices, self.parameters.theta)
        return Response(potentials > self.parameters.theta // 2, potentials)

    def skip(self, samples: int) -> None:
        """The rule does not depend on how many samples were shown before."""

    def check_copies(self) -> None:
        """There is only one copy of each matrix."""

    def take_spikes(self) -> Spikes:
        """The rule has no spikes but the outputs; see :class:`~pynn_backprop.reference.steps.StepSimulator`."""
        return {}

    def close(self) -> None:
        """Nothing to free."""


def checked_samples(x: np.ndarray, n_in: int) -> np.ndarray:
    """`x` if it is bool of shape (n, n_in), else an InputError."""
    x = np.asarray(x)
    if x.dtype != bool or x.ndim != 2 or x.shape[1] != n_in:
        raise InputError(f"x is {x.dtype} of shape {x.shape} but must be bool of shape (n, {n_in})")
    return np.ascontiguousarray(x)


def checked_labels(labels: np.ndarray, n_samples: int, n_out: int) -> np.ndarray:
    """`labels` as int64 of shape (n_samples,), 0 to n_out - 1, or an InputError."""
    labels = np.asarray(labels)
    if labels.shape != (n_samples,) or labels.dtype.kind not in "iu":
        raise InputError(
            f"labels are {labels.dtype} of shape {labels.shape} but must be integers of shape ({n_samples},)"
        )
    if n_samples and not 0 <= labels.min() <= labels.max() < n_out:
        raise InputError(f"labels run from {labels.min()} to {labels.max()} but must lie within 0 and {n_out - 1}")
    return np.ascontiguousarray(labels, dtype=np.int64)


def checked_targets(targets: np.ndarray, n_samples: int, n_units: int, n: int = 1) -> np.ndarray:
    """Which target neurons fire, bool of shape (n_samples, n_units * n), or an InputError.

    Parameters
    ----------
    targets
        That itself; or labels, integers of shape (n_samples,): all neurons of this unit fire and no others.
    n_samples
        How many there must be.
    n_units, n
        Output units and neurons of each.
    """
    targets = np.asarray(targets)
    if targets.dtype != bool or targets.ndim != 2:
        labels = checked_labels(targets, n_samples, n_units)
        return np.repeat(np.arange(n_units) == labels[:, None], n, axis=1)
    if targets.shape != (n_samples, n_units * n):
        raise InputError(
            f"targets have shape {targets.shape} but must be bool of shape ({n_samples}, {n_units * n}), or labels"
        )
    return np.ascontiguousarray(targets)


@numba.njit(cache=True)
def add_rows(matrix, active, drive):  # type: ignore[no-untyped-def]
    """drive = sum of the rows of `matrix` that are active."""
    drive[:] = 0
    for i in active:
        for j in range(matrix.shape[1]):
            drive[j] += matrix[i, j]


@numba.njit(cache=True)
def change_rows(matrix, active, change, w_max):  # type: ignore[no-untyped-def]
    """Add `change` to the active rows of `matrix`, clipped."""
    for i in active:
        for j in range(matrix.shape[1]):
            matrix[i, j] = min(max(matrix[i, j] + change[j], -w_max), w_max)


@numba.njit(cache=True)
def _backpropagated(error, matrix, drive, theta, delta):  # type: ignore[no-untyped-def]
    """delta = sign(error W^T) inside the box of the derivative, else 0."""
    delta[:] = 0
    for k in np.flatnonzero(error):
        for j in range(matrix.shape[0]):
            delta[j] += error[k] * matrix[j, k]
    for j in range(matrix.shape[0]):
        delta[j] = np.sign(delta[j]) if 0 < drive[j] <= theta else 0


@numba.njit(cache=True)
def _train(x, labels, matrices, theta, eta, w_max):  # type: ignore[no-untyped-def]
    """Train on all samples; returns the output drives and the largest drive that must be kept silent."""
    depth = len(matrices)
    n_out = matrices[-1].shape[1]
    potentials = np.empty((x.shape[0], n_out), np.int32)
    hidden_drive = np.empty(matrices[0].shape[1], np.int32)
    output_drive = np.empty(n_out, np.int32)
    error = np.zeros(n_out, np.int32)
    delta = np.empty(matrices[0].shape[1], np.int32)
    silent = 0
    for n in range(x.shape[0]):
        inputs = np.flatnonzero(x[n])
        if depth == 1:
            below = inputs
        else:
            add_rows(matrices[0], inputs, hidden_drive)
            below = np.flatnonzero(hidden_drive > theta // 2)
        add_rows(matrices[-1], below, output_drive)
        potentials[n] = output_drive
        _output_error(output_drive, labels[n], theta, error)
        if depth == 2:
            _backpropagated(error, matrices[-1], hidden_drive, theta, delta)
            silent = max(silent, hidden_drive.max() + eta * len(inputs))
            silent = max(silent, _silent_in_between(matrices[-1], delta, output_drive > theta // 2, eta))
            change_rows(matrices[0], inputs, eta * delta, w_max)
        silent = max(silent, output_drive.max() + eta * len(below))
        change_rows(matrices[-1], below, eta * error, w_max)
    return potentials, silent


@numba.njit(cache=True)
def _output_error(drives, label, theta, error):  # type: ignore[no-untyped-def]
    """error = d+ - d-."""
    for k in range(len(drives)):
        target, fires = label == k, drives[k] > theta // 2
        if target and not fires and drives[k] > 0:
            error[k] = 1
        elif fires and not target and drives[k] <= theta:
            error[k] = -1
        else:
            error[k] = 0


@numba.njit(cache=True)
def _silent_in_between(matrix, delta, outputs, eta):  # type: ignore[no-untyped-def]
    """Largest drive of silent neurons through the last matrix of two, before it learns.

    Outputs are driven when the hidden neurons with an error of one sign fire to learn (a bound: each weight may have
    grown by eta until then), and the transposed matrix brings the forward spikes of the outputs back.
    """
    largest = 0
    drive = np.zeros(matrix.shape[1], np.int32)
    for sign in (1, -1):
        firing = np.flatnonzero(delta == sign)
        add_rows(matrix, firing, drive)
        largest = max(largest, drive.max() + eta * len(firing))
    back = np.zeros(matrix.shape[0], np.int32)
    for k in np.flatnonzero(outputs):
        for j in range(matrix.shape[0]):
            back[j] += matrix[j, k]
    return max(largest, back.max())


@numba.njit(cache=True)
def _infer(x, matrices, theta):  # type: ignore[no-untyped-def]
    potentials = np.empty((x.shape[0], matrices[-1].shape[1]), np.int32)
    hidden_drive = np.empty(matrices[0].shape[1], np.int32)
    for n in range(x.shape[0]):
        below = np.flatnonzero(x[n])
        if len(matrices) == 2:
            add_rows(matrices[0], below, hidden_drive)
            below = np.flatnonzero(hidden_drive > theta // 2)
        add_rows(matrices[-1], below, potentials[n])
    return potentials
