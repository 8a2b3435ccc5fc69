r"""Numbers as spikes: one neuron for a unit, or a population of N neurons whose firing share is the value.

A value v in [0, 1] is coded by m of the N neurons of a unit, :math:`m = \lfloor N v + 1/2 \rfloor`, and read back as
m/N; the error is at most 1/(2N), and :math:`1/(12 N^2)` in the mean square for values spread evenly.  A value in
[-1, 1] takes a pair of units, :math:`v^+ = \max(v, 0)` and :math:`v^- = \max(-v, 0)`.

For a drive u to become a share of firing neurons, the neurons of a unit must open at different drives: with its *level*
:math:`\lambda \in \{0, \dots, N - 1\}` a neuron fires when

.. math:: u > \theta \, (\lambda + 1/2) / N .

If all neurons of the unit have the same drive and their levels are a permutation of 0 to N - 1, exactly
:math:`\operatorname{clip}(\lceil N u / \theta - 1/2 \rceil, 0, N)` of them fire: the drive rounded to the nearest N-th.
Neuron k of unit i (of :math:`n` units) has, in cycle c and with the step :math:`a` of its population, the level

.. math:: \lambda = (k + a c + \lfloor i N / n \rfloor) \bmod N \qquad \text{(rotating)}

the same with a = 0 (fixed), or an independent random number from 0 to N - 1 in every cycle (noise).  With N = 1 the
level is always 0 and the condition is :math:`u > \theta/2`, the binary code.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ..checks import check_choice, check_count
from ..errors import InputError
from .lattice import best_steps

DITHERS = ("rotating", "fixed", "noise")
MAX_NEURONS = 128
ROTATED = ("x", "h", "o", "hT")
"""The populations with levels, in the order in which :func:`~pynn_backprop.codes.lattice.best_steps` gives them steps.
The
output error has the levels of o: its neurons compare the target with the threshold that their own o neuron had."""


@dataclass(frozen=True)
class Code:
    """How many neurons a unit has, and how their levels change from cycle to cycle.

    Use :func:`Binary` or :func:`Graded` to make one.

    Parameters
    ----------
    n
        Neurons of a unit.
    dither
        ``rotating``, ``fixed`` or ``noise``.
    seed
        Of the random levels; used by ``noise`` only.
    back_gain
        Gain of the hidden error: a backpropagated error of a unit weight of 1/back_gain from one neuron is worth one
        level of a hidden neuron.  Without effect for n = 1, where only the sign counts.

    Attributes
    ----------
    steps
        The steps of the populations of :data:`ROTATED` (:func:`pynn_backprop.codes.lattice.best_steps`).
    """

    n: int = 1
    dither: str = "rotating"
    seed: int = 0
    back_gain: int = 2
    steps: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_count("n", self.n, 1, MAX_NEURONS)
        check_choice("dither", self.dither, DITHERS)
        check_count("seed", self.seed, 0)
        check_count("back_gain", self.back_gain, 1)
        if self.dither == "noise" and self.n & (self.n - 1):
            raise InputError(f"n is {self.n} but must be a power of two with noise, whose levels are binary numbers")
        object.__setattr__(self, "steps", best_steps(self.n, len(ROTATED)))

    @property
    def variants(self) -> int:
        """Cycles until the levels repeat: n if they rotate, else 1 (meaningless with noise)."""
        return self.n if self.dither == "rotating" else 1

    def step(self, population: str) -> int:
        """The step a of a population: by how much its levels rise from cycle to cycle."""
        return self.steps[ROTATED.index(population)] if self.dither == "rotating" else 0

    @property
    def bits(self) -> int:
        """Binary digits of a random level: noise sources that a neuron needs."""
        return self.n.bit_length() - 1 if self.dither == "noise" else 0

    def back_step(self, quantum: int) -> int:
        """How much more backpropagated error a hidden neuron needs when its level is higher by one."""
        return max(1, quantum // self.back_gain)

    @property
    def name(self) -> str:
        """The code in words: ``binary``, or for example ``graded 32 rotating``.

        It says whether weights fit; random seed and gain are no part of it.
        """
        return "binary" if self.n == 1 else f"graded {self.n} {self.dither}"

    def arguments(self) -> dict[str, Any]:
        """What makes an equal code: ``Code(**arguments)``; plain numbers and text, for files."""
        return {argument.name: getattr(self, argument.name) for argument in fields(self) if argument.init}

    @staticmethod
    def noise_source(population: str, bit: int) -> str:
        """Name of the source that fires where this binary digit of the level of a neuron is 1."""
        return f"noise_{population}{bit}"

    def levels(self, population: str, units: int, cycles: np.ndarray) -> np.ndarray:
        """The level of every neuron of a population.

        Parameters
        ----------
        population
            One of :data:`ROTATED`.
        units
            Units of the population.
        cycles
            Integers, shape (n_cycles,); the first sample is shown in cycle 0.

        Returns
        -------
        numpy.ndarray
            int32, shape (n_cycles, units * n).
        """
        cycles = np.asarray(cycles, dtype=np.int64)
        index = ROTATED.index(population)
        if self.dither == "noise":
            return np.array([self._random(index, units, cycle) for cycle in cycles], np.int32).reshape(len(cycles), -1)
        starts = np.tile(np.arange(self.n), units) + np.repeat(np.arange(units) * self.n // units, self.n)
        return ((starts + self.step(population) * cycles[:, None]) % self.n).astype(np.int32)

    def _random(self, index: int, units: int, cycle: int) -> np.ndarray:
        return np.random.default_rng((self.seed, index, cycle)).integers(0, self.n, units * self.n)

    def noise(self, population: str, units: int, cycles: np.ndarray) -> dict[str, np.ndarray]:
        """Which noise sources fire: the binary digits of the random levels, bool of shape (n_cycles, units * n)."""
        if not self.bits:
            return {}
        levels = self.levels(population, units, cycles)
        return {self.noise_source(population, bit): (levels >> bit & 1).astype(bool) for bit in range(self.bits)}

    def encode(self, values: np.ndarray) -> np.ndarray:
        """Numbers of firing neurons, int32 of the same shape, for values from 0 to 1.

        Rounded to the nearest n-th, halves up: an error of at most 1/(2 n).

        Raises
        ------
        InputError
            If a value is not a number from 0 to 1.
        """
        values = np.asarray(values, dtype=float)
        if values.size and not (values.min() >= 0 and values.max() <= 1):  # also refuses nan
            raise InputError(f"values run from {values.min()} to {values.max()} but must lie within 0 and 1")
        return np.floor(values * self.n + 0.5).astype(np.int32)

    def decode(self, counts: np.ndarray) -> np.ndarray:
        """Values from 0 to 1, of the same shape, from numbers of firing neurons."""
        return np.asarray(counts) / self.n

    def thermometer(self, counts: np.ndarray) -> np.ndarray:
        """Which neurons of a source fire, bool of shape (n_samples, units * n): the first ones of every unit."""
        counts = np.asarray(counts)
        return (np.arange(self.n) < counts[..., None]).reshape(*counts.shape[:-1], -1)

    def fire(self, values: np.ndarray) -> np.ndarray:
        """Which neurons of a source fire, bool of shape (n_samples, units * n), for values of shape (n_samples, units).

        What platforms are shown, as inputs and as targets.
        """
        return self.thermometer(self.encode(values))

    def counts(self, fired: np.ndarray) -> np.ndarray:
        """Number of firing neurons of every unit, shape (n_samples, units), from bool of shape (n_samples, units * n).

        Also the sum over each unit's neurons of any other numbers.
        """
        fired = np.asarray(fired)
        return fired.reshape(*fired.shape[:-1], fired.shape[-1] // self.n, self.n).sum(-1)


def Binary() -> Code:
    """One neuron for a unit (Renner et al. 2024)."""
    return Code()


def Graded(n: int, dither: str = "rotating", seed: int = 0, back_gain: int = 2) -> Code:
    """A population of n neurons for a unit (Renner et al. 2020); see :class:`Code`."""
    return Code(n, dither, seed, back_gain)


def to_pairs(values: np.ndarray) -> np.ndarray:
    """Values in [-1, 1] of shape (..., n) as (..., 2n) values in [0, 1]: positive parts, then negative parts."""
    values = np.asarray(values, dtype=float)
    return np.concatenate([np.maximum(values, 0), np.maximum(-values, 0)], axis=-1)


def from_pairs(pairs: np.ndarray) -> np.ndarray:
    """The inverse of :func:`to_pairs`; both parts may be present."""
    positive, negative = np.split(np.asarray(pairs), 2, axis=-1)
    return positive - negative
