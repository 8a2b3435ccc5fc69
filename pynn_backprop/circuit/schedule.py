"""The phases of one cycle: who is open when.

A cycle shows one sample to the circuit.  It has a fixed number of phases, one time step each, and a ring of gating
neurons counts them: gate ``g<p>`` fires in phase p and opens populations for phase p + 1.  All numbers follow from the
depth of the network, that is, its number of weight matrices.  Layer 0 is the input, layer ``depth`` the output.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..checks import check_bound, check_count
from ..errors import InputError
from ..resources import in_words

MOST_UNITS = 10**7
"""Of a layer.  The whole of the largest Loihi 2 system has a hundred times as many neurons."""


@dataclass(frozen=True)
class Schedule(ABC):
    """The phases of one cycle.

    Parameters
    ----------
    depth
        Number of weight matrices.

    Attributes
    ----------
    training
        Whether the cycle learns.
    form
        Which of the circuits that learn has this cycle; empty if it does not learn.
    """

    depth: int
    training: ClassVar[bool] = False
    form: ClassVar[str] = ""

    def __post_init__(self) -> None:
        check_count("the number of weight matrices", self.depth, 1)

    @property
    @abstractmethod
    def length(self) -> int:
        """Phases in a cycle."""

    @property
    def output(self) -> int:
        """The phase in which the output fires forward, and the target with it."""
        return self.forward(self.depth)

    def forward(self, layer: int) -> int:
        """The phase in which layer `layer` fires forward."""
        return 1 + layer

    @property
    def labels(self) -> tuple[str, ...]:
        """What happens in each phase, in words."""
        names = self.names()
        return tuple(names.get(phase, "clear") for phase in range(self.length))

    def names(self) -> dict[int, str]:
        """What happens, in words, by phase; in all others activity is cleared."""
        names = {0: "rest", self.forward(0): "input"}
        names |= {self.forward(layer): "hidden" for layer in range(1, self.depth)}
        return names | {self.output: "output"}


@dataclass(frozen=True)
class InferenceSchedule(Schedule):
    """A cycle that ends with the output."""

    @property
    def length(self) -> int:
        """depth + 2."""
        return self.depth + 2


@dataclass(frozen=True)
class NamedSchedule(Schedule):
    """A cycle whose phases are named one by one, of a circuit that is no stack of layers.

    Parameters
    ----------
    phases
        What happens in each phase, the first of which must be one of rest.
    answer
        The phase in which the output fires, if there is one.
    """

    phases: tuple[str, ...] = ()
    answer: int = 0

    def __post_init__(self) -> None:
        check_count("the number of weight matrices", self.depth, 0)
        check_count("the number of phases", len(self.phases), 2)

    @property
    def length(self) -> int:
        """As many as there are names."""
        return len(self.phases)

    @property
    def output(self) -> int:
        """See :attr:`Schedule.output`."""
        return self.answer

    def names(self) -> dict[int, str]:
        """See :meth:`Schedule.names`."""
        return dict(enumerate(self.phases))


@dataclass(frozen=True)
class TrainingSchedule(Schedule):
    """A cycle that learns."""

    training: ClassVar[bool] = True

    @property
    def error(self) -> int:
        """The phase of the output error."""
        return self.output + 1

    @abstractmethod
    def learning(self, matrix: int) -> tuple[int, int]:
        """The two phases, potentiation and depression, in which matrix `matrix` (1 is the first) learns."""

    def hidden_error(self, layer: int) -> tuple[int, int]:
        """The two phases, positive and negative part, in which the error of hidden layer `layer` arrives."""
        potentiation, depression = self.learning(layer + 1)
        return potentiation + 1, depression + 1

    @abstractmethod
    def memory(self, layer: int) -> int:
        """The phase in which the memory of layer `layer` fires."""

    @property
    def reinforced(self) -> tuple[int, ...]:
        """The phases in which the reinforcement neuron fires: every potentiation."""
        return tuple(sorted(self.learning(matrix)[0] for matrix in range(1, self.depth + 1)))

    def names(self) -> dict[int, str]:
        """See :meth:`Schedule.names`."""
        names = super().names()
        names |= {0: "clear outputs", self.output: "output and target", self.error: "output error"}
        for layer in range(1, self.depth):
            which = "" if self.depth == 2 else f" {layer}"
            positive, negative = self.hidden_error(layer)
            names |= {positive: f"hidden error{which}, positive part", negative: f"hidden error{which}, negative part"}
        for matrix in range(1, self.depth + 1):
            potentiation, depression = self.learning(matrix)
            names |= {potentiation: f"W{matrix} potentiation", depression: f"W{matrix} depression"}
        return names


def layer_names(depth: int) -> tuple[str, ...]:
    """What the populations of the layers are called: x, h, o; or x, h1, h2, ..., o."""
    hidden = ("h",) if depth == 2 else tuple(f"h{layer}" for layer in range(1, depth))
    return ("x", *hidden, "o")


def depth_of(units: Sequence[int]) -> int:
    """Number of weight matrices between layers of so many units.

    Raises
    ------
    InputError
        If there are fewer than two layers, or a number is not a positive whole number, or beyond all machines.
    """
    sizes = tuple(units)
    if len(sizes) < 2:
        raise InputError(f"units is {sizes} but must hold at least 2 numbers: (n_in, n_out), (n_in, n_hidden, n_out)")
    for index, size in enumerate(sizes):
        check_count(f"units[{index}]", size)
        check_bound(f"units[{index}]", size, MOST_UNITS, f"its neurons alone would take at least {in_words(16 * size)}")
    return len(sizes) - 1
