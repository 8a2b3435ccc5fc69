"""The phases of one cycle: who is open when.

A cycle shows one sample to the circuit.  It has a fixed number of phases, one time step each, and a ring of gating
neurons counts them: gate ``g<p>`` fires in phase p and opens populations for phase p + 1.  All numbers here follow
from the depth of the network, that is, its number of weight matrices.

Training, for one and for two weight matrices (Renner et al. 2024, and the same scheme with the hidden layer left out):

======================================  =========  =========
what happens                            depth 1    depth 2
======================================  =========  =========
layer k fires forward (x is layer 0)    1 + k      1 + k
target                                  2          3
output error                            3          4
potentiation of the last matrix         4          5
hidden error, positive part             --         6
potentiation of the first matrix        4          7
depression of the last matrix           6          9
hidden error, negative part             --         10
depression of the first matrix          6          11
length of the cycle                     7          12
======================================  =========  =========
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..checks import check_count
from ..errors import InputError

MAX_DEPTH = 2
"""The published circuit has no place for the second sign of a hidden error, which a third matrix would need."""


@dataclass(frozen=True)
class Schedule:
    """The phases of one cycle.

    Parameters
    ----------
    depth
        Number of weight matrices, 1 or 2.
    training
        Whether the cycle learns; an inference cycle ends with the output.
    """

    depth: int
    training: bool = True

    def __post_init__(self) -> None:
        check_count("the number of weight matrices", self.depth, 1, MAX_DEPTH)

    @property
    def length(self) -> int:
        """Phases in a cycle: 5 depth + 2 to train, depth + 2 to infer."""
        return 5 * self.depth + 2 if self.training else self.depth + 2

    @property
    def output(self) -> int:
        """The phase in which the output fires forward, and the target with it."""
        return self.forward(self.depth)

    @property
    def error(self) -> int:
        """The phase of the output error."""
        return self.output + 1

    def forward(self, layer: int) -> int:
        """The phase in which layer `layer` (0 is the input) fires forward."""
        return 1 + layer

    def learning(self, matrix: int) -> tuple[int, int]:
        """The two phases, potentiation and depression, in which matrix `matrix` (1 is the first) learns."""
        potentiation = self.error + 1 + 2 * (self.depth - matrix)
        return potentiation, potentiation + 2 * self.depth

    def hidden_error(self, layer: int) -> tuple[int, int]:
        """The two phases, positive and negative part, in which the error of hidden layer `layer` arrives."""
        positive, negative = self.learning(layer)
        return positive - 1, negative - 1

    def memory(self, layer: int) -> int:
        """The phase in which the memory of layer `layer` fires.

        The input is kept until just before its first replay; a hidden layer is copied at once.
        """
        return self.learning(1)[0] - 1 if layer == 0 else self.forward(layer) + 1

    @property
    def reinforced(self) -> tuple[int, ...]:
        """The phases in which the reinforcement neuron fires: every potentiation."""
        return tuple(sorted(self.learning(matrix)[0] for matrix in range(1, self.depth + 1)))

    @property
    def labels(self) -> tuple[str, ...]:
        """What happens in each phase, in words."""
        names = {0: "clear outputs" if self.training else "rest", self.forward(0): "input"}
        names |= {self.forward(layer): "hidden" for layer in range(1, self.depth)}
        names[self.output] = "output and target" if self.training else "output"
        if self.training:
            names[self.error] = "output error"
            for matrix in range(1, self.depth + 1):
                potentiation, depression = self.learning(matrix)
                names |= {potentiation: f"W{matrix} potentiation", depression: f"W{matrix} depression"}
            for layer in range(1, self.depth):
                positive, negative = self.hidden_error(layer)
                names |= {positive: "hidden error, positive part", negative: "hidden error, negative part"}
        return tuple(names.get(phase, "clear") for phase in range(self.length))


def depth_of(units: Sequence[int]) -> int:
    """Number of weight matrices between layers of so many units.

    Raises
    ------
    InputError
        If there are too few or too many layers, or a number is not a positive whole number.
    """
    sizes = tuple(units)
    if not 2 <= len(sizes) <= MAX_DEPTH + 1:
        raise InputError(f"units is {sizes} but must hold 2 or 3 numbers: (n_in, n_out) or (n_in, n_hidden, n_out)")
    for index, size in enumerate(sizes):
        check_count(f"units[{index}]", size)
    return len(sizes) - 1
