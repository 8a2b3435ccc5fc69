r"""The copy of a synaptic matrix from one circuit to another by pulse-gated Hebbian learning.

Shao, Wang, Sornborger and Tao (2018) transfer a matrix by activating the neurons of the first circuit one after the
other and learning from what they cause in the second, under nested rhythms.  Here the rhythms are these:

- a *sample* activates one presynaptic neuron i, and is shown once for each of K levels;
- from cycle to cycle a rotor raises the level: in cycle c the neurons ``up`` fire where :math:`w_{ij} > \eta c +
  \lfloor\eta / 2\rfloor`, and ``down`` where :math:`-w_{ij}` does;
- within a cycle the second circuit fires twice: i together with ``up`` while the reinforcement neuron fires, so that
  :math:`w'_{ij}` grows by eta, and i together with ``down`` while it does not, so that it falls.

Of the K levels as many are below :math:`|w_{ij}|` as it is multiples of eta, so that a copy which begins at 0 ends as
the original, to the last integer, if its weights are multiples of eta up to K eta.  Others are rounded to the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..checks import as_array, described
from ..codes.binary import Binary
from ..errors import InputError
from .builder import Builder
from .circuit import Circuit
from .connectivity import AllToAll
from .parameters import Parameters
from .parts import Projection
from .schedule import NamedSchedule

LEVEL = "level"
_READ, _UP, _DOWN = 2, 3, 5
"""Phases: the original answers; the copy grows; it falls."""
PHASES = ("rest", "one neuron of the original", "its synapses, above the level", "growth", "clear", "fall", "clear")


@dataclass(frozen=True)
class FixedWeights(AllToAll):
    """All to all, with the weights of a matrix that does not change.

    Parameters
    ----------
    matrix
        Rows of integers, shape (n_pre, n_post).
    """

    name: ClassVar[str] = "fixed"
    matrix: tuple[tuple[int, ...], ...]

    def weights(self, n_pre: int, n_post: int) -> np.ndarray:
        """See :meth:`.Connectivity.weights`."""
        return np.array(self.matrix, np.int64)

    def weight_in_words(self, weight: int | None) -> str:
        """See :meth:`.Connectivity.weight_in_words`."""
        flat = [value for row in self.matrix for value in row]
        return f"{min(flat):+d} to {max(flat):+d}"


@dataclass(frozen=True)
class Sweep(AllToAll):
    """All to all: neuron c of a rotor lowers all neurons alike, by base + slope c.

    Parameters
    ----------
    base, slope
        See above.
    """

    name: ClassVar[str] = "sweep"
    base: int
    slope: int

    def weights(self, n_pre: int, n_post: int) -> np.ndarray:
        """See :meth:`.Connectivity.weights`."""
        lowered = -self.base - self.slope * np.arange(n_pre, dtype=np.int64)
        return np.repeat(lowered[:, None], n_post, axis=1)

    def weight_in_words(self, weight: int | None) -> str:
        """See :meth:`.Connectivity.weight_in_words`."""
        return f"{-self.base:+d} - {self.slope:d} level"


def levels_of(parameters: Parameters) -> int:
    """K, levels of a sweep: as many as there are weights above 0 on the way to w_max."""
    return parameters.w_max // parameters.eta


def synaptic_copy_circuit(original: np.ndarray, parameters: Parameters | None = None) -> Circuit:
    """Two circuits: one has a matrix, and the other learns it.

    Parameters
    ----------
    original
        The matrix, integers of shape (n_pre, n_post) within w_max.
    parameters
        Strengths; the published ones if None.  There are w_max / eta levels.

    Returns
    -------
    Circuit
        With the copy as ``W1``; the original is that of its static projections ``x->up`` and ``x->down``.
        :func:`~pynn_backprop.tasks.synaptic_copy.copy_sources` says which sources fire.

    Raises
    ------
    InputError
        If it is no matrix of integers within w_max.
    """
    p = parameters or Parameters()
    matrix = as_array("original", original)
    if matrix.ndim != 2 or not matrix.size or matrix.dtype.kind not in "iu" or np.abs(matrix).max() > p.w_max:
        raise InputError(
            f"original is {described(matrix)} but must be integers of shape (n_pre, n_post) within w_max, {p.w_max}"
        )
    build = _CopyBuilder(matrix.shape, NamedSchedule(1, PHASES, _UP), p, Binary())
    build.original(matrix.astype(np.int64))
    build.copied()
    build.ring()
    return build.circuit()


class _CopyBuilder(Builder):
    """Adds the original and the copy."""

    def original(self, matrix: np.ndarray) -> None:
        """x, and the two populations that say which of its synapses are above the level."""
        p, (n_pre, n_post) = self.strength, self.sizes
        self.source("input", n_pre, 0)
        self.source("start", 1, None, self.schedule.length - 1)
        self.add("x", n_pre, "data", 0, [1])
        self.open(1, "x", p.half)
        self.one_to_one("input", "x", p.copy, 1)
        self.rotor(LEVEL, levels_of(p))
        for name, sign in (("up", 1), ("down", -1)):
            rows = tuple(map(tuple, (sign * matrix).tolist()))
            self.add(name, n_post, "data", 1, [_READ])
            self.open(_READ, name, p.low)
            self.projections.append(Projection("x", name, FixedWeights(rows), 1))
            self.gates.append(Projection(LEVEL, name, Sweep(p.eta // 2, p.eta), _READ))

    def copied(self) -> None:
        """The same neuron of the second circuit fires together with what the first one says."""
        p, (n_pre, n_post) = self.strength, self.sizes
        self.add("x'", n_pre, "data", 0, [_UP, _DOWN])
        self.add("o", n_post, "data", 1, [_UP, _DOWN])
        self.add("r", 1, "reinforcement", None, [_UP])
        self.open(_UP, "r", p.chain)
        for phase, name in ((_UP, "up"), (_DOWN, "down")):
            self.open(phase, "x'", p.half)
            self.one_to_one("x", "x'", p.copy, phase - 1)
            self.open(phase, "o", p.half)
            self.one_to_one(name, "o", p.copy, phase - _READ)
        self.projections.append(Projection("x'", "o", AllToAll(), 1, None, "W1", plastic=True))
