r"""A population of n neurons for a unit, whose firing share is its value (Renner et al. 2020).

Neuron k of unit i (of :math:`u` units) has, in cycle c and with the step :math:`a` of its population, the level

.. math:: \lambda = (k + a c + \lfloor i n / u \rfloor) \bmod n \qquad \text{(rotating)}

the same with a = 0 (fixed), or an independent random number from 0 to n - 1 in every cycle (noise).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..checks import check_choice, check_count
from ..data.datasets import encode
from ..errors import InputError
from .binary import ALIVE, Binary
from .code import LEVELLED, Code
from .graded_start import middle_weights, with_bias
from .lattice import best_steps

ROTATING, FIXED, NOISE = "rotating", "fixed", "noise"
DITHERS = (ROTATING, FIXED, NOISE)
MAX_NEURONS = 128
QUANTUM = 128
"""With a multiple of 128 every static weight is a number of 8 bits times a power of two, as Loihi needs it."""
INPUTS_OF_QUANTUM = 100
"""Inputs up to which the quantum is the usual one.  Of 256, 512, 1024 and 2048 for the 401 inputs of MNIST 20x20, 512
learnt best (20,000 samples, 3 epochs, 100 hidden units of 8 neurons: 93.8 %, 1024 93.1 %, 2048 91.2 %)."""
MAX_THETA_OF_LARGE_BIAS = 4096
"""With a bias of four thresholds, inhibition is then -32,256, just within Loihi's largest weight of 255 * 2^7."""


def Graded(n: int, dither: str = ROTATING, seed: int = 0, back_gain: int = 2) -> Code:
    """A population of n neurons for a unit; with n = 1 the binary code.  Parameters as in :class:`GradedCode`.

    Examples
    --------
    >>> Graded(4).counts(Graded(4).fire([[0.0, 0.5, 1.0]]))
    array([[0, 2, 4]])
    """
    _check(n, dither, seed, back_gain)
    return Binary() if n == 1 else GradedCode(n, dither, seed, back_gain)


def _check(n: int, dither: str, seed: int, back_gain: int) -> None:
    check_count("n", n, 1, MAX_NEURONS)
    check_choice("dither", dither, DITHERS)
    check_count("seed", seed, 0)
    check_count("back_gain", back_gain, 1)
    if dither == NOISE and n & (n - 1):
        raise InputError(f"n is {n} but must be a power of two with noise, whose levels are binary numbers")


def quantum_for(inputs: int) -> int:
    """The quantum q that suits a number of input units: :data:`QUANTUM` for few, and twice as much for twice as many.

    A coincidence changes a unit weight by eta / q, and the drive of a neuron by as much for each input that is on.  So
    with q = 128 one sample of an image would change a drive by more than the whole box of the derivative.
    """
    doublings = round(math.log2(inputs / INPUTS_OF_QUANTUM)) if inputs > INPUTS_OF_QUANTUM else 0
    return QUANTUM << doublings


def graded_strengths(n: int, quantum: int = QUANTUM) -> dict[str, int]:
    r"""Threshold :math:`\theta = q n` and bias for units of n neurons.

    Parameters
    ----------
    n
        Neurons of a unit.
    quantum
        q, the drive that is worth one of them.
    """
    check_count("n", n)
    check_count("quantum", quantum, 2)
    theta = n * quantum
    return {"theta": theta, "bias": 4 * theta if theta <= MAX_THETA_OF_LARGE_BIAS else 2 * theta}


@dataclass(frozen=True)
class GradedCode(Code):
    """A population of n neurons for a unit.

    Parameters
    ----------
    n
        Neurons of a unit, at least 2.
    dither
        How levels change from cycle to cycle: ``rotating``, ``fixed`` (not at all) or ``noise``.
    seed
        Of the random levels; used by ``noise`` only.
    back_gain
        Gain of the hidden error: a backpropagated error of a unit weight of 1/back_gain from one neuron is worth one
        level of a hidden neuron.

    Attributes
    ----------
    steps
        The steps of the populations of :data:`~.code.LEVELLED` (:func:`pynn_backprop.codes.lattice.best_steps`).

    Examples
    --------
    >>> code = GradedCode(4)
    >>> code.fire([[0.0, 0.5, 1.0]]).astype(int)
    array([[0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1]])
    >>> code.counts(code.fire([[0.0, 0.5, 1.0]]))
    array([[0, 2, 4]])
    """

    kind: ClassVar[str] = "graded"
    n: int
    dither: str = ROTATING
    seed: int = 0
    back_gain: int = 2
    steps: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check(self.n, self.dither, self.seed, self.back_gain)
        check_count("n", self.n, 2, MAX_NEURONS)
        object.__setattr__(self, "steps", best_steps(self.n, len(LEVELLED)))

    @property
    def name(self) -> str:
        """For example ``graded 32 rotating``; random seed and gain are no part of it."""
        return f"graded {self.n} {self.dither}"

    @property
    def words(self) -> str:
        """See :attr:`.Code.words`."""
        return f" of {self.n} neurons each ({self.dither})"

    def titled(self, sizes: str) -> str:
        """See :meth:`.Code.titled`."""
        return f"of {sizes} units, {self.n} neurons each"

    def arguments(self) -> dict[str, Any]:
        """See :meth:`.Code.arguments`."""
        return {"n": self.n, "dither": self.dither, "seed": self.seed, "back_gain": self.back_gain}

    @classmethod
    def from_arguments(cls, **arguments: Any) -> Code:
        """See :meth:`.Code.from_arguments`; older files describe the binary code as a graded one with n = 1."""
        return Graded(**arguments)

    def strengths(self, inputs: int = 0) -> dict[str, int]:
        """See :func:`graded_strengths`."""
        return graded_strengths(self.n, quantum_for(inputs))

    def unit_copy(self, copy: int, quantum: int) -> int:
        """With one quantum, n synapses make all n levels fire, m of them exactly the lowest m.

        Any weight above theta (n - 1/2) / n^2 and up to theta (n - 1/2) / (n (n - 1)) does.
        """
        return quantum

    # -- levels ----------------------------------------------------------------------------------------------------

    @property
    def variants(self) -> int:
        """Cycles until the levels repeat: n if they rotate, else 1."""
        return self.n if self.dither == ROTATING else 1

    @property
    def settled(self) -> bool:
        """Not with noise."""
        return self.dither != NOISE

    @property
    def bits(self) -> int:
        """Binary digits of a random level: noise sources that a neuron needs."""
        return self.n.bit_length() - 1 if self.dither == NOISE else 0

    def step(self, population: str) -> int:
        """The step a of a population: by how much its levels rise from cycle to cycle."""
        return self.steps[_place(population)[0]] if self.dither == ROTATING else 0

    def back_step(self, quantum: int) -> int:
        """See :meth:`.Code.back_step`."""
        return max(1, quantum // self.back_gain)

    def rotor(self, population: str, slope: int, centred: bool) -> tuple[int, int, int] | None:
        """See :meth:`.Code.rotor`; with noise the rotor only centres, and sources do the rest."""
        base, of_rotor = slope * (self.n - 1) // 2 if centred else 0, 0 if self.bits else slope
        return (base, of_rotor, self.step(population)) if base or of_rotor else None

    def noise(self, population: str, slope: int) -> tuple[tuple[str, int], ...]:
        """One source for each binary digit of the level."""
        return tuple((self._source(population, bit), -slope << bit) for bit in range(self.bits))

    @staticmethod
    def _source(population: str, bit: int) -> str:
        return f"noise_{population}{bit}"

    def noise_spikes(self, population: str, units: int, samples: np.ndarray) -> dict[str, np.ndarray]:
        """The binary digits of the random levels; see :meth:`.Code.noise_spikes`."""
        if not self.bits:
            return {}
        levels = self.levels(population, units, samples)
        return {self._source(population, bit): (levels >> bit & 1).astype(bool) for bit in range(self.bits)}

    def levels(self, population: str, units: int, cycles: np.ndarray) -> np.ndarray:
        """See :meth:`.Code.levels`."""
        cycles = np.asarray(cycles, dtype=np.int64)
        if self.bits:
            rows = [self._random(_place(population)[1], units, cycle) for cycle in cycles]
            return np.array(rows, np.int32).reshape(len(cycles), units * self.n)
        starts = np.tile(np.arange(self.n), units) + np.repeat(np.arange(units) * self.n // units, self.n)
        return ((starts + self.step(population) * cycles[:, None]) % self.n).astype(np.int32)

    def _random(self, index: int, units: int, cycle: int) -> np.ndarray:
        return np.random.default_rng((self.seed, index, cycle)).integers(0, self.n, units * self.n)

    def cycles(self, shown: int, samples: int) -> tuple[int, np.ndarray]:
        """See :meth:`.Code.cycles`; random levels never repeat."""
        return super().cycles(shown, samples) if self.settled else (0, shown + np.arange(samples))

    # -- values and weights ----------------------------------------------------------------------------------------

    def value_levels(self, levels: int | None) -> int | None:
        """A unit takes any value: one is enough."""
        return 1 if levels is None else levels

    def inputs(self, values: np.ndarray, levels: int) -> np.ndarray:
        """One unit for each value, and the bias unit, whose value is always 1."""
        encode(values, levels)  # the same checks as for one neuron a unit
        if levels != 1:
            raise InputError(f"levels is {levels} but must be 1 with a graded code, whose units take any value")
        return self.fire(with_bias(np.asarray(values, dtype=float)))

    def initial_weights(
        self,
        units: tuple[int, ...],
        seed: int,
        how: str,
        theta: int,
        w_max: int,
        input_mean: float | np.ndarray | None = None,
    ) -> list[np.ndarray]:
        """Every unit starts in the middle of its box, see :mod:`pynn_backprop.codes.graded_start`; there is one way."""
        if how != ALIVE:
            raise InputError(f"the initialisation is {how!r} but must be {ALIVE!r} with a graded code")
        quantum = theta // self.n
        matrices = middle_weights(units, seed, input_mean, bound=w_max / quantum)
        return [between_neurons(matrix, self.n, quantum, w_max) for matrix in matrices]


def _place(population: str) -> tuple[int, int]:
    """Whose step a population has, as an index of LEVELLED, and what seeds its random levels.

    Of several hidden layers every second one shares its step with the input, so that neighbours have different ones.
    """
    if population in LEVELLED:
        index = LEVELLED.index(population)
        return index, index
    layer, back = int(population[1:].rstrip("T")), population.endswith("T")
    kind = "hT" if back else "h" if layer % 2 else "x"
    return LEVELLED.index(kind), len(LEVELLED) + 2 * layer + back


def between_neurons(unit_weights: np.ndarray, n: int, quantum: int, w_max: int) -> np.ndarray:
    """Weights between neurons, even int64, from weights between units: the same for all synapses of two units.

    Parameters
    ----------
    unit_weights
        Shape (n_pre, n_post); with 1 a unit of value 1 drives the neurons of the other one with theta.
    n
        Neurons of a unit.
    quantum
        theta / n, what a unit weight of 1 is.
    w_max
        Larger weights are clipped.

    Returns
    -------
    numpy.ndarray
        Shape (n_pre * n, n_post * n).
    """
    limit = w_max // 2 * 2
    scaled = 2 * np.rint(np.clip(unit_weights * quantum, -limit, limit) / 2)
    return np.kron(scaled.astype(np.int64), np.ones((n, n), np.int64))


def between_units(matrix: np.ndarray, n: int, quantum: int) -> np.ndarray:
    """Weights between units: means over all synapses of two units, in units of theta / n; see :func:`between_neurons`.

    Parameters
    ----------
    matrix
        Weights between neurons, shape (n_pre * n, n_post * n).
    n, quantum
        Neurons of a unit, and what a unit weight of 1 is.

    Returns
    -------
    numpy.ndarray
        Float, shape (n_pre, n_post).
    """
    rows, columns = matrix.shape
    units = matrix.reshape(rows // n, n, columns // n, n)
    return np.asarray(units.mean(axis=(1, 3)) / quantum)
