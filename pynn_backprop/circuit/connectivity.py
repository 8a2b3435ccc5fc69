"""Who is connected with whom: one class for each kind of connectivity.

A kind knows how many synapses it has, what arrives where when neurons fire, and the blocks that make it up on a
simulator, which knows one-to-one and all-to-all connections only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np


@dataclass(frozen=True)
class Block:
    """Synapses between two ranges of neurons of larger groups.

    Parameters
    ----------
    pre, post
        First and last + 1 of its neurons, within the groups.
    all_to_all
        Whether each neuron reaches all others, or neuron i only neuron i.
    weight
        In mV: a number, or an array of shape (n_pre, n_post).
    delay
        In ms.
    """

    pre: slice
    post: slice
    all_to_all: bool
    weight: Any
    delay: float

    @property
    def shape(self) -> tuple[int, int]:
        """(n_pre, n_post)."""
        return self.pre.stop - self.pre.start, self.post.stop - self.post.start

    @property
    def kind(self) -> str:
        """The name of the kind, ``one_to_one`` or ``all_to_all``."""
        return AllToAll.name if self.all_to_all else OneToOne.name

    def indices(self) -> tuple[np.ndarray, np.ndarray]:
        """Pre- and postsynaptic neuron of each synapse, within the groups, shape (n_synapses,), row by row."""
        pre, post = (np.arange(neurons.start, neurons.stop) for neurons in (self.pre, self.post))
        if not self.all_to_all:
            return pre, post
        return np.repeat(pre, len(post)), np.tile(post, len(pre))

    def weights(self) -> np.ndarray:
        """Weight of each synapse in the order of :meth:`indices`, float, shape (n_synapses,)."""
        n_pre, n_post = self.shape
        if np.ndim(self.weight):
            return np.asarray(self.weight, float).ravel()
        return np.full(n_pre * n_post if self.all_to_all else n_pre, float(self.weight))


class Connectivity(ABC):
    """Which neurons of two populations are connected.

    Attributes
    ----------
    name
        What the kind is called in tables.
    dense
        Whether every neuron reaches every other one.
    """

    name: ClassVar[str]
    dense: ClassVar[bool] = False

    @abstractmethod
    def synapses(self, n_pre: int, n_post: int) -> int:
        """How many there are between populations of `n_pre` and `n_post` neurons."""

    @abstractmethod
    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """How many spikes reach each of `n_post` neurons, int of shape (n_post,), if the neurons `firing` fire."""

    @abstractmethod
    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """What makes up the synapses; parameters as in :class:`Block`.  The first one is that of the first neuron."""

    def weights(self, n_pre: int, n_post: int) -> np.ndarray | None:
        """Weights that follow from the kind itself, int64 of shape (n_pre, n_post); None if there are none."""
        return None

    def weight_in_words(self, weight: int | None) -> str:
        """For tables."""
        return "" if weight is None else f"{weight:+d}"


@dataclass(frozen=True)
class OneToOne(Connectivity):
    """Neuron i to neuron i; one source neuron may reach the first of several neurons."""

    name: ClassVar[str] = "one_to_one"

    def synapses(self, n_pre: int, n_post: int) -> int:
        """See :meth:`Connectivity.synapses`."""
        return n_pre

    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.arriving`."""
        return np.bincount(firing, minlength=n_post)

    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """See :meth:`Connectivity.blocks`."""
        return [Block(pre, slice(post.start, post.start + pre.stop - pre.start), False, weight, delay)]


@dataclass(frozen=True)
class AllToAll(Connectivity):
    """Every neuron to every neuron."""

    name: ClassVar[str] = "all_to_all"
    dense: ClassVar[bool] = True

    def synapses(self, n_pre: int, n_post: int) -> int:
        """See :meth:`Connectivity.synapses`."""
        return n_pre * n_post

    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.arriving`."""
        return np.full(n_post, len(firing))

    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """See :meth:`Connectivity.blocks`."""
        return [Block(pre, post, True, weight, delay)]


@dataclass(frozen=True)
class UnitToUnit(Connectivity):
    """Each neuron of unit i to each neuron of unit i; one to one where a unit is one neuron.

    Parameters
    ----------
    n
        Neurons of a unit.
    """

    name: ClassVar[str] = "unit_to_unit"
    n: int

    def synapses(self, n_pre: int, n_post: int) -> int:
        """See :meth:`Connectivity.synapses`."""
        return n_pre * self.n

    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.arriving`."""
        return np.repeat(np.bincount(firing // self.n, minlength=n_post // self.n), self.n)

    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """One for each unit."""
        starts = zip(range(pre.start, pre.stop, self.n), range(post.start, post.stop, self.n), strict=True)
        return [Block(slice(i, i + self.n), slice(j, j + self.n), True, weight, delay) for i, j in starts]


@dataclass(frozen=True)
class Ring(Connectivity):
    """Neuron c to neuron c + 1, the last to the first."""

    name: ClassVar[str] = "ring"

    def synapses(self, n_pre: int, n_post: int) -> int:
        """See :meth:`Connectivity.synapses`."""
        return n_pre

    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.arriving`."""
        return np.bincount((firing + 1) % n_post, minlength=n_post)

    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """The synapse that closes the ring, and the others if there are any."""
        last, first = slice(pre.stop - 1, pre.stop), slice(post.start, post.start + 1)
        blocks = [Block(last, first, False, weight, delay)]
        if pre.stop - pre.start > 1:
            lower, upper = slice(pre.start, pre.stop - 1), slice(post.start + 1, post.stop)
            blocks.append(Block(lower, upper, False, weight, delay))
        return blocks


@dataclass(frozen=True)
class Levels(AllToAll):
    """All to all, with the weights by which a rotor lifts the neurons of a population to their levels.

    Rotor neuron c gives neuron k of unit i the weight base - slope * level, where
    level = (k + step * c + floor(i * n / units)) mod n.

    Parameters
    ----------
    n
        Neurons of a unit.
    units
        Units of the population.
    base, slope
        See above.
    step
        By how much the levels rise from one rotor neuron to the next.
    """

    name: ClassVar[str] = "levels"
    n: int
    units: int
    base: int
    slope: int
    step: int

    def weights(self, n_pre: int, n_post: int) -> np.ndarray:
        """See :meth:`Connectivity.weights`."""
        variant = np.arange(n_pre)[:, None]
        unit, neuron = np.divmod(np.arange(n_post), self.n)
        height = (neuron + self.step * variant + unit * self.n // self.units) % self.n
        return np.asarray(self.base - self.slope * height, dtype=np.int64)

    def weight_in_words(self, weight: int | None) -> str:
        """See :meth:`Connectivity.weight_in_words`."""
        return f"{self.base:+d} - {self.slope:d} level (step {self.step})"


def unit_to_unit(n: int) -> Connectivity:
    """Copies numbers, whichever neurons carry them: :class:`UnitToUnit`, or :class:`OneToOne` if n is 1."""
    return OneToOne() if n == 1 else UnitToUnit(n)
