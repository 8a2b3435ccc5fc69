r"""The rule that graded circuits must equal, in integers.

Every unit is a population of N neurons (:mod:`pynn_backprop.codes.code`).  With :math:`q = \theta/N`, numbers
:math:`X, T` of firing neurons of inputs and targets, levels :math:`\lambda` of this cycle and weights between neurons,
one sample does

.. math::

    x_{ik} &= [X_i > \lambda^x_{ik}] \qquad u = x W_1 \qquad h = [u > q(\lambda^h + 1/2)] \\
    v &= h W_2 \qquad o = [v > q(\lambda^o + 1/2)] \qquad t_{jl} = [T_j > \lambda^o_{jl}] \\
    d^+ &= t \wedge \neg o \wedge [v > 0] \qquad
    d^- = o \wedge \neg t \wedge [v > 0] \wedge \neg [v > \theta] \\
    b &= (d^+ - d^-) W_2^T \qquad
    \delta = \bigl([b > s \lambda^b] - [-b > s \lambda^b]\bigr) \; [0 < u] \; \neg [u > \theta] \\
    W_1 &\leftarrow \operatorname{clip}(W_1 + \eta \, x \otimes \delta) \qquad
    W_2 \leftarrow \operatorname{clip}(W_2 + \eta \, h \otimes (d^+ - d^-))

with the :math:`W_2` from before the sample in b, :math:`s` = q / back_gain, and without the hidden layer where there is
one matrix.  N = 1 is :class:`~pynn_backprop.reference.rule.Rule`.

The output error is taken by every neuron for itself: target and output are compared at the same level, so that over all
levels neuron (j, l) has the mean error :math:`T_j/N - v_{jl}/\theta`.  If the neurons of a unit have equal drives,
their errors add up to the graded rectified difference of the two numbers, :math:`[T_j - O_j]^+` and :math:`[O_j -
T_j]^+`.
"""

from __future__ import annotations

import numba
import numpy as np

from ..circuit.parameters import Parameters, default_parameters
from ..codes.code import Code
from ..codes.graded_weights import units_of
from ..errors import EqualityError
from ..interfaces import Response
from ..spikes import Spikes
from ..weights import Weights, check_weights
from .rule import add_rows, change_rows, checked_samples, checked_targets


class GradedOracle:
    """The integer rule of graded circuits.

    Parameters
    ----------
    weights
        Weights between neurons: ``W1`` of shape (n_in * N, n_hidden * N) and ``W2`` of shape (n_hidden * N,
        n_out * N), or only ``W1`` of shape (n_in * N, n_out * N); integers.  They are copied.
    code
        Neurons of a unit and their dither.
    parameters
        Strengths of the circuit; those of :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Raises
    ------
    InputError
        If the matrices do not connect whole units, or theta does not suit the code.
    """

    def __init__(self, weights: Weights, code: Code, parameters: Parameters | None = None) -> None:
        self.code, self.parameters = code, parameters or default_parameters(code.n)
        self.parameters.quantum(code.n)
        checked = check_weights(weights, self.parameters)
        self._matrices = tuple(np.array(matrix, dtype=np.int32, order="C") for matrix in checked.values())
        self.units = units_of(checked, code)
        self._shown = 0

    def weights(self) -> Weights:
        """A copy of the weight matrices, int64, by name."""
        return {f"W{k}": matrix.astype(np.int64) for k, matrix in enumerate(self._matrices, 1)}

    def train(self, x: np.ndarray, targets: np.ndarray) -> Response:
        """Learn from samples, one after the other.

        Parameters
        ----------
        x
            Bool, shape (n, n_in * N): which input neurons fire.  Only their numbers in each unit count.
        targets
            Bool, shape (n, n_out * N): which target neurons fire; or labels, integers of shape (n,).

        Returns
        -------
        Response
            The output neurons that fired before each sample was learnt, and their drives.

        Raises
        ------
        EqualityError
            If a replay would drive a neuron so hard that the circuit could not keep it silent.
        """
        return self._show(x, checked_targets(targets, len(x), self.units[-1], self.code.n), learning=True)

    def infer(self, x: np.ndarray) -> Response:
        """The outputs for `x`, bool of shape (n, n_in * N), without learning; the levels go on rotating."""
        return self._show(x, np.zeros((len(x), self.units[-1] * self.code.n), bool), learning=False)

    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._shown += samples

    def _show(self, x: np.ndarray, targets: np.ndarray, learning: bool) -> Response:
        code, p = self.code, self.parameters
        numbers = code.counts(checked_samples(x, self.units[0] * code.n)).astype(np.int32)
        wanted = code.counts(targets).astype(np.int32)
        first, levels = self._levels(len(x))
        outputs = np.zeros((len(x), self.units[-1] * code.n), bool)
        potentials = np.zeros(outputs.shape, np.int32)
        step = code.back_step(p.quantum(code.n))
        strengths = (code.n, p.theta, step, p.eta, p.w_max)
        silent = _show(numbers, wanted, self._matrices, levels, first, strengths, learning, outputs, potentials)
        if silent > p.largest_silent_drive:
            raise EqualityError(
                f"a replay drives a silent neuron with up to {silent}, but the circuit's inhibition holds only "
                f"{p.largest_silent_drive}: use a larger bias, Parameters(bias=...)"
            )
        self._shown += len(x)
        return Response(outputs, potentials)

    def _levels(self, n_samples: int) -> tuple[int, tuple[np.ndarray, ...]]:
        """Levels of x, h, o and hT, one row for each sample if they are random, else for each variant.

        With them the row of the first sample.
        """
        code, random = self.code, self.code.bits > 0
        cycles = self._shown + np.arange(n_samples) if random else np.arange(code.variants)
        two = len(self._matrices) == 2
        names = ("x", "h", "o", "hT") if two else ("x", "o", "o", "o")
        units = (self.units[0], self.units[1], self.units[-1], self.units[1])
        first = 0 if random else self._shown % code.variants
        return first, tuple(code.levels(name, size, cycles) for name, size in zip(names, units, strict=True))

    def check_copies(self) -> None:
        """There is only one copy of each matrix."""

    def take_spikes(self) -> Spikes:
        """The rule has no spikes but the outputs; see :class:`~pynn_backprop.reference.steps.StepSimulator`."""
        return {}

    def close(self) -> None:
        """Nothing to free."""


@numba.njit(cache=True)
def _open(drive, levels, q, fires):  # type: ignore[no-untyped-def]
    """fires = drive > q (level + 1/2)."""
    for j in range(len(drive)):
        fires[j] = 2 * drive[j] > q * (2 * levels[j] + 1)


@numba.njit(cache=True)
def _output_error(drive, fires, levels, targets, n, theta, error):  # type: ignore[no-untyped-def]
    """error = d+ - d-."""
    for j in range(len(drive)):
        target = targets[j // n] > levels[j]
        error[j] = 0
        if target and not fires[j] and drive[j] > 0:
            error[j] = 1
        elif fires[j] and not target and drive[j] <= theta:
            error[j] = -1


@numba.njit(cache=True)
def _hidden_error(matrix, error, drive, levels, step, theta, delta):  # type: ignore[no-untyped-def]
    """delta = [b > step * level] - [-b > step * level] inside the box of the derivative, else 0."""
    active = np.flatnonzero(error)
    for j in range(len(drive)):
        delta[j] = 0
        if 0 < drive[j] <= theta:
            back = 0
            for m in active:
                back += error[m] * matrix[j, m]
            if back > step * levels[j]:
                delta[j] = 1
            elif -back > step * levels[j]:
                delta[j] = -1


@numba.njit(cache=True)
def _largest_silent(matrix, delta, outputs, eta):  # type: ignore[no-untyped-def]
    """As in the binary oracle: the largest drive of silent neurons through the last matrix of two."""
    largest = 0
    drive = np.zeros(matrix.shape[1], np.int32)
    for sign in (1, -1):
        firing = np.flatnonzero(delta == sign)
        add_rows(matrix, firing, drive)
        largest = max(largest, drive.max() + eta * len(firing))
    firing = np.flatnonzero(outputs)
    for j in range(matrix.shape[0]):
        back = 0
        for m in firing:
            back += matrix[j, m]
        largest = max(largest, back)
    return largest


@numba.njit(cache=True)
def _show(x, targets, matrices, levels, first, strengths, learning, outputs, potentials):  # type: ignore[no-untyped-def]
    """Fill in which outputs fire and their drives; returns the largest drive that must be kept silent."""
    n, theta, step, eta, w_max = strengths
    depth, q = len(matrices), theta // n
    n_hidden = matrices[0].shape[1]
    level_x, level_h, level_o, level_b = levels
    inputs = np.empty(matrices[0].shape[0], np.bool_)
    hidden = np.empty(n_hidden, np.bool_)
    hidden_drive = np.empty(n_hidden, np.int32)
    delta = np.zeros(n_hidden, np.int32)
    error = np.empty(outputs.shape[1], np.int32)
    silent = 0
    for s in range(x.shape[0]):
        c = (first + s) % len(level_x)
        for i in range(len(inputs)):
            inputs[i] = x[s, i // n] > level_x[c, i]
        active = np.flatnonzero(inputs)
        below = active
        if depth == 2:
            add_rows(matrices[0], active, hidden_drive)
            _open(hidden_drive, level_h[c], q, hidden)
            below = np.flatnonzero(hidden)
        drive = potentials[s]
        add_rows(matrices[-1], below, drive)
        _open(drive, level_o[c], q, outputs[s])
        if not learning:
            continue
        _output_error(drive, outputs[s], level_o[c], targets[s], n, theta, error)
        if depth == 2:
            _hidden_error(matrices[-1], error, hidden_drive, level_b[c], step, theta, delta)
            silent = max(silent, hidden_drive.max() + eta * len(active))
            silent = max(silent, _largest_silent(matrices[-1], delta, outputs[s], eta))
            change_rows(matrices[0], active, eta * delta, w_max)
        silent = max(silent, drive.max() + eta * len(below))
        change_rows(matrices[-1], below, eta * error, w_max)
    return silent
