"""The rule's arithmetic, compiled: one kernel for any number of weight matrices and any code.

With one neuron a unit the levels are all 0, and what they decide is left out, which makes that case faster and changes
nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..circuit.thinning import ADVANCE, STRIDE
from ..compiled import compiled


class Strengths(NamedTuple):
    """The numbers of the rule.

    Parameters
    ----------
    n
        Neurons of a unit.
    theta, eta, w_max
        See :class:`~pynn_backprop.circuit.parameters.Parameters`.
    margin
        Whether the output error is that of the margin.
    dead
        The hidden threshold.
    step
        What each level of the hidden error costs.
    thinning
        Every how many presynaptic neurons learn in a sample.
    gated
        Whether the circuit that is to follow is error-gated.
    held
        The largest drive of a neuron that this circuit can keep silent.
    """

    n: int
    theta: int
    eta: int
    w_max: int
    margin: bool
    dead: int
    step: int
    thinning: int
    gated: bool
    held: int


class Buffers(NamedTuple):
    """What one sample needs, for each layer; made once for all samples.

    Parameters
    ----------
    drives, fires, errors
        Drive (int32), whether it fires (bool) and error (int32, 1, 0 or -1) of each neuron.
    """

    drives: tuple[np.ndarray, ...]
    fires: tuple[np.ndarray, ...]
    errors: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, neurons: tuple[int, ...]) -> Buffers:
        """For layers of so many neurons, input first."""
        return cls(
            tuple(np.zeros(size, np.int32) for size in neurons),
            tuple(np.zeros(size, np.bool_) for size in neurons),
            tuple(np.zeros(size, np.int32) for size in neurons),
        )


class Levels(NamedTuple):
    """The levels of the neurons of each layer, one row for each cycle.

    Parameters
    ----------
    fires
        With which a neuron compares its drive, int32 of shape (n_cycles, neurons) of each layer.
    back
        With which it compares its hidden error; not used of the first and the last layer.
    """

    fires: tuple[np.ndarray, ...]
    back: tuple[np.ndarray, ...]


@compiled
def show(  # type: ignore[no-untyped-def]
    x, targets, matrices, all_levels, first, number, strengths, learning, buffers, outputs, potentials
):
    """Show samples; fills in outputs and potentials, changes the matrices, returns the largest drive kept silent.

    `first` is the row of the levels of the first sample, and `number` how many samples were shown before it.
    """
    n, theta, eta = strengths.n, strengths.theta, strengths.eta
    levels, back_levels = all_levels
    drives, fires, errors = buffers
    depth = len(matrices)
    silent = 0
    for s in range(x.shape[0]):
        c = (first + s) % len(levels[0])
        _input(x[s], levels[0][c], n, fires[0])
        for k in range(depth):
            _add_rows(matrices[k], fires[k], drives[k + 1])
            _open(drives[k + 1], levels[k + 1][c], theta, n, fires[k + 1])
        outputs[s] = fires[depth]
        potentials[s] = drives[depth]
        if learning:
            wrong = _output_error(drives[depth], fires[depth], levels[depth][c], targets[s], strengths, errors[depth])
            if strengths.gated and not wrong:
                silent = max(silent, _largest_silent_if_right(matrices, fires, strengths))
                continue
            for k in range(depth - 1, 0, -1):
                _hidden_error(matrices[k], errors[k + 1], drives[k], back_levels[k][c], strengths, errors[k])
            if strengths.gated:
                silent = max(silent, _largest_silent_if_gated(matrices, drives, fires, errors, theta, eta))
            else:
                silent = max(silent, _largest_silent(matrices, drives, fires, errors, eta))
            for k in range(depth):
                _change(matrices[k], fires[k], errors[k + 1], number + s, strengths)
    return silent


@compiled
def _input(numbers, levels, n, fires):  # type: ignore[no-untyped-def]
    """fires = the unit's number is above the neuron's level."""
    if n == 1:
        for i in range(len(fires)):
            fires[i] = numbers[i] > 0
    else:
        for i in range(len(fires)):
            fires[i] = numbers[i // n] > levels[i]


@compiled
def _add_rows(matrix, active, drive):  # type: ignore[no-untyped-def]
    """drive = sum of the rows of `matrix` that are active."""
    rows = _places(active)
    drive[:] = 0
    whole = len(rows) - len(rows) % 8
    # Eight rows at a time, so that the drive is read and written an eighth as often.
    for r in range(0, whole, 8):
        a, b, c, d = matrix[rows[r]], matrix[rows[r + 1]], matrix[rows[r + 2]], matrix[rows[r + 3]]
        e, f, g, h = matrix[rows[r + 4]], matrix[rows[r + 5]], matrix[rows[r + 6]], matrix[rows[r + 7]]
        for j in range(len(drive)):
            drive[j] += (a[j] + b[j] + c[j] + d[j]) + (e[j] + f[j] + g[j] + h[j])
    for r in range(whole, len(rows)):
        row = matrix[rows[r]]
        for j in range(len(drive)):
            drive[j] += row[j]


@compiled
def _places(chosen):  # type: ignore[no-untyped-def]
    """Where it is true.  Without a branch, which would mostly be guessed wrong: half the time of ``np.flatnonzero``."""
    places, count = np.empty(len(chosen), np.int64), 0
    for i in range(len(chosen)):
        places[count] = i
        count += chosen[i]
    return places[:count]


@compiled
def _open(drive, levels, theta, n, fires):  # type: ignore[no-untyped-def]
    """fires = drive > q (level + 1/2)."""
    if n == 1:
        for j in range(len(drive)):
            fires[j] = drive[j] > theta // 2
    else:
        for j in range(len(drive)):
            fires[j] = 2 * drive[j] > theta // n * (2 * levels[j] + 1)


@compiled
def _output_error(drive, fires, levels, targets, strengths, error):  # type: ignore[no-untyped-def]
    """error = d+ - d-; returns whether there is any."""
    n, theta = strengths.n, strengths.theta
    wrong = False
    for j in range(len(drive)):
        target = targets[j // n] > levels[j]
        error[j] = 0
        if strengths.margin:
            if target and drive[j] <= theta:
                error[j] = 1
            elif not target and drive[j] > 0:
                error[j] = -1
        elif target and not fires[j] and drive[j] > 0:
            error[j] = 1
        elif fires[j] and not target and drive[j] <= theta:
            error[j] = -1
        wrong |= error[j] != 0
    return wrong


@compiled
def _hidden_error(matrix, above, drive, levels, strengths, error):  # type: ignore[no-untyped-def]
    """error = [b > D + step level] - [-b > D + step level] where the derivative is 1, else 0; b = above W^T."""
    theta, step, dead = strengths.theta, strengths.step, strengths.dead
    error[:] = 0
    active = np.flatnonzero(above)
    if len(active) == 0:
        return
    for j in range(len(drive)):
        if 0 < drive[j] <= theta:
            back = 0
            for m in active:
                back += above[m] * matrix[j, m]
            if back > dead + step * levels[j]:
                error[j] = 1
            elif -back > dead + step * levels[j]:
                error[j] = -1


@compiled
def _change(matrix, active, error, number, strengths):  # type: ignore[no-untyped-def]
    """Add eta times the error to those active rows of `matrix` that learn in this sample, clipped."""
    columns = np.flatnonzero(error)
    if len(columns) == 0:
        return
    # In int32 throughout, which numba would else widen: twice as fast.
    low, high = np.int32(-strengths.w_max), np.int32(strengths.w_max)
    change = (strengths.eta * error).astype(np.int32)
    sparse = 8 * len(columns) < len(error)
    for i in _places(active):
        if (STRIDE * i + ADVANCE * number) % strengths.thinning:
            continue
        if sparse:
            for j in columns:
                matrix[i, j] = min(max(np.int32(matrix[i, j] + change[j]), low), high)
        else:
            for j in range(len(change)):
                matrix[i, j] = min(max(np.int32(matrix[i, j] + change[j]), low), high)


@compiled
def _largest_silent(matrices, drives, fires, errors, eta):  # type: ignore[no-untyped-def]
    """Largest drive of neurons that must be silent while the published circuit replays.

    A layer is driven again when the one below it is replayed, and through the matrix above when its neurons with an
    error of one sign fire to learn (bounds: each weight may have grown by eta until then); the transposed matrix brings
    the forward spikes of the outputs back.
    """
    largest = 0
    for k in range(len(matrices)):
        largest = max(largest, drives[k + 1].max() + eta * np.count_nonzero(fires[k]))
    for k in range(1, len(matrices)):
        for sign in (1, -1):
            largest = max(largest, _forward(matrices[k], errors[k] == sign, eta))
        largest = max(largest, _back(matrices[k], fires[k + 1], 0))
    return largest


@compiled
def _largest_silent_if_gated(matrices, drives, fires, errors, theta, eta):  # type: ignore[no-untyped-def]
    """The same while the error-gated circuit learns a sample: its layers fire with their edges, too."""
    largest = 0
    for k in range(len(matrices)):
        largest = max(largest, drives[k + 1].max() + eta * np.count_nonzero(fires[k]))
    for k in range(1, len(matrices)):
        largest = max(largest, _back(matrices[k], fires[k + 1], eta))
        for firing in (drives[k] > 0, drives[k] > theta, errors[k] == 1, errors[k] == -1):
            largest = max(largest, _forward(matrices[k], firing, eta))
            if k > 1:
                largest = max(largest, _back(matrices[k - 1], firing, eta))
    return largest


@compiled
def _largest_silent_if_right(matrices, fires, strengths):  # type: ignore[no-untyped-def]
    """The same while it answers without an error: every layer that fires drives the transposed matrix below it.

    What so many spikes can't drive beyond what is held is not looked at.
    """
    largest = 0
    for k in range(1, len(matrices)):
        if np.count_nonzero(fires[k + 1]) * strengths.w_max > strengths.held:
            largest = max(largest, _back(matrices[k], fires[k + 1], 0))
    return largest


@compiled
def _forward(matrix, firing, eta):  # type: ignore[no-untyped-def]
    """Largest drive through a matrix, each of whose weights may have grown by eta; at least 0."""
    count = np.count_nonzero(firing)
    if count == 0:
        return 0
    drive = np.empty(matrix.shape[1], np.int32)
    _add_rows(matrix, firing, drive)
    return max(0, drive.max() + eta * count)


@compiled
def _back(matrix, firing, eta):  # type: ignore[no-untyped-def]
    """The same through the transposed matrix; its negative copy may bring the negative of it."""
    columns = np.flatnonzero(firing)
    largest = 0
    for j in range(matrix.shape[0]):
        back = 0
        for m in columns:
            back += matrix[j, m]
        largest = max(largest, back)
    return largest + eta * len(columns)
