"""What a comparison of platforms found: frozen results, and what they say in numbers.

:func:`pynn_backprop.comparison.compare.compare` makes them.  The first platform is the standard that the others are
held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..circuit.circuit import Circuit
from ..spikes import Difference, Spikes
from ..weights import Weights


@dataclass(frozen=True, eq=False)
class Pass:
    """What one platform did with the training samples, or with the test samples.

    Parameters
    ----------
    samples : int
        How many it was shown; fewer than there are if it failed.
    spikes : dict of str to int
        Number of spikes by population.
    outputs : numpy.ndarray of bool, shape (samples, n_out)
        Which output neurons fired.
    potentials : numpy.ndarray of int, shape (samples, n_out), or None
        The outputs' drive, where the platform gives it.
    right : int
        Samples whose first firing output is the target.
    build_seconds, seconds : float
        Wall time of building the network, and of its runs, in s.
    failure : str
        What the platform, or what it returned, had to be stopped for; empty if nothing.
    """

    samples: int
    spikes: dict[str, int]
    outputs: np.ndarray
    potentials: np.ndarray | None
    right: int
    build_seconds: float
    seconds: float
    failure: str = ""

    @property
    def ms_per_sample(self) -> float:
        """Wall time of the runs in ms."""
        return 1e3 * self.seconds / max(self.samples, 1)


@dataclass(frozen=True, eq=False)
class Result:
    """What one platform did.

    Parameters
    ----------
    name : str
        What the user called it.
    description : dict of str to str
        What ran: versions and choices.
    training, inference : Pass
        The two passes.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        After training; empty if that failed.
    copies : str
        How copies of a matrix differ after training; empty if all are equal.
    """

    name: str
    description: dict[str, str]
    training: Pass
    inference: Pass
    weights: Weights
    copies: str


@dataclass(frozen=True)
class SpikeComparison:
    """Spikes of one pass, of the standard and of another platform.

    Parameters
    ----------
    compared : int
        How many spikes of the standard were compared.
    differing : dict of str to int
        By population: how many spikes only one of the two has.
    first : Difference or None
        The earliest of them.
    around : tuple of two Spikes, or None
        The spikes of the two in the cycles around it, to be drawn.
    """

    compared: int
    differing: dict[str, int]
    first: Difference | None = None
    around: tuple[Spikes, Spikes] | None = field(default=None, repr=False, compare=False)

    @property
    def total(self) -> int:
        """How many spikes only one of the two has."""
        return sum(self.differing.values())


@dataclass(frozen=True)
class ArrayComparison:
    """How two arrays differ.

    Parameters
    ----------
    compared, differing : int
        How many numbers were compared, and how many of them differ.
    largest : int
        By how much at most.
    """

    compared: int
    differing: int = 0
    largest: int = 0

    @classmethod
    def of(cls, one: np.ndarray | None, other: np.ndarray | None) -> ArrayComparison:
        """Compare two arrays of integers or truth values; nothing if one is missing or cut short."""
        if one is None or other is None or one.shape != other.shape:
            return cls(0)
        apart = np.abs(one.astype(np.int64) - other.astype(np.int64))
        return cls(apart.size, int(np.count_nonzero(apart)), int(apart.max(initial=0)))


@dataclass(frozen=True)
class Pair:
    """The standard and another platform.

    Parameters
    ----------
    standard, other : str
        Their names.
    training, inference : SpikeComparison
        Their spikes.
    weights : dict of str to ArrayComparison
        Their weights after training, by matrix.
    training_outputs, outputs, potentials : ArrayComparison
        Their answers to the training samples, and to the test samples.
    failures : tuple of str
        Why something could not be compared, or is wrong on one of them alone.
    """

    standard: str
    other: str
    training: SpikeComparison
    inference: SpikeComparison
    weights: dict[str, ArrayComparison]
    training_outputs: ArrayComparison
    outputs: ArrayComparison
    potentials: ArrayComparison
    failures: tuple[str, ...] = ()

    @property
    def spikes(self) -> int:
        """How many spikes of the standard were compared."""
        return self.training.compared + self.inference.compared

    def arrays(self) -> Iterator[tuple[str, ArrayComparison]]:
        """What was compared besides spikes, under the names that a person reads."""
        for name, matrix in self.weights.items():
            yield f"weights of {name}", matrix
        yield "training outputs", self.training_outputs
        yield "test outputs", self.outputs
        yield "test potentials", self.potentials

    @property
    def equal(self) -> bool:
        """Whether there is no difference, and nothing that had to be left out."""
        differing = self.training.total + self.inference.total + sum(array.differing for _, array in self.arrays())
        return differing == 0 and not self.failures and all(array.compared for _, array in self.arrays())

    @property
    def first(self) -> tuple[str, SpikeComparison] | None:
        """The pass with the first differing spike, ``training`` or ``inference``, and its comparison."""
        for name, spikes in (("training", self.training), ("inference", self.inference)):
            if spikes.first is not None:
                return name, spikes
        return None


@dataclass(frozen=True, eq=False)
class Comparison:
    """What :func:`pynn_backprop.comparison.compare.compare` returns.

    Parameters
    ----------
    circuit, inference : Circuit
        The circuits that learnt and that answered the test samples.
    samples, test_samples : int
        How many were shown.
    changed : dict of str to int
        How many weights of each matrix training changed on the standard.
    results : tuple of Result
        What each platform did, the standard first.
    pairs : tuple of Pair
        The standard and each of the others.
    """

    circuit: Circuit
    inference: Circuit
    samples: int
    test_samples: int
    changed: dict[str, int]
    results: tuple[Result, ...]
    pairs: tuple[Pair, ...]

    @property
    def equal(self) -> bool:
        """Whether all platforms are equal in all that was compared."""
        return all(pair.equal for pair in self.pairs)
