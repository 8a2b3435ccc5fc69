"""The training circuit as it was published, for one and two weight matrices.

Renner et al. (2024) for two matrices and one neuron a unit; the same scheme with the hidden layer left out for one;
with the levels of :mod:`pynn_backprop.codes.graded` for units of several neurons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..codes.code import Code
from ..errors import InputError
from .circuit import Circuit
from .parameters import Parameters
from .schedule import TrainingSchedule
from .training_builder import TrainingBuilder

MAX_DEPTH = 2
"""It has no place for the second sign of a hidden error, which a third matrix would need."""


def published_circuit(units: Sequence[int], parameters: Parameters, code: Code) -> Circuit:
    """The circuit that learns; parameters as in :func:`~pynn_backprop.circuit.training.training_circuit`."""
    build = _PublishedBuilder(units, PublishedSchedule(len(units) - 1), parameters, code)
    build.sources()
    build.layers_with_edges()
    build.output_error()
    build.memories()
    build.hidden_errors()
    build.reinforcement()
    build.inhibit_replays()
    build.thin()
    build.ring()
    return build.circuit()


@dataclass(frozen=True)
class PublishedSchedule(TrainingSchedule):
    """The phases of Renner et al. (2024), and the same scheme with the hidden layer left out.

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

    form: ClassVar[str] = "published"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.depth > MAX_DEPTH:
            raise InputError(
                f"there are {self.depth} weight matrices but must be at most {MAX_DEPTH} in the published form; the "
                "compact form takes any number"
            )

    @property
    def length(self) -> int:
        """5 depth + 2."""
        return 5 * self.depth + 2

    def learning(self, matrix: int) -> tuple[int, int]:
        """See :meth:`~.schedule.TrainingSchedule.learning`."""
        potentiation = self.error + 1 + 2 * (self.depth - matrix)
        return potentiation, potentiation + 2 * self.depth

    def memory(self, layer: int) -> int:
        """The input is kept until just before its first replay; a hidden layer is copied at once."""
        return self.learning(1)[0] - 1 if layer == 0 else self.forward(layer) + 1


class _PublishedBuilder(TrainingBuilder):
    """Adds the parts of the training circuit, one after the other."""

    schedule: PublishedSchedule

    def copies_of(self, layer: int) -> tuple[str, ...]:
        """The three populations of a layer above the input: the activation and its two edges."""
        name = self.names[layer]
        return (name, f"{name}_low", f"{name}_high")

    def layers_with_edges(self) -> None:
        """The layers, each with two more populations for the edges of the derivative."""
        schedule, strength = self.schedule, self.strength
        self.add("x", self.sizes[0], "data", 0, [schedule.forward(0), *schedule.learning(1)])
        self.open(schedule.forward(0), "x", strength.half)
        self.lift(schedule.forward(0), "x", "x", self.quantum)
        self.unit_to_unit("input", "x", 1, schedule.forward(0))
        for layer in range(1, self.depth + 1):
            forward = schedule.forward(layer)
            gates = (strength.half, strength.low, strength.high)
            for name, gate in zip(self.copies_of(layer), gates, strict=True):
                phases = {forward, *schedule.learning(layer)}
                if layer < self.depth and name == self.names[layer]:
                    phases.update(schedule.learning(layer + 1))
                self.add(name, self.sizes[layer], "data", layer, sorted(phases))
                self.open(forward, name, gate)
                self.carry(self.names[layer - 1], name, layer)
            self.lift(forward, self.names[layer], self.names[layer], self.quantum)

    def memories(self) -> None:
        """Every layer below the output is replayed from a memory whenever the matrix above it learns."""
        schedule, strength = self.schedule, self.strength
        for layer in range(self.depth):
            name, memory, phase = self.names[layer], f"m_{self.names[layer]}", schedule.memory(layer)
            self.add(memory, self.sizes[layer], "memory", layer, [phase])
            self.open(phase, memory, strength.half)
            self.one_to_one(name, memory, strength.copy, phase - schedule.forward(layer))
            for replay in schedule.learning(layer + 1):
                self.one_to_one(memory, name, strength.copy, replay - phase)
                self.open(replay, name, strength.half)

    def hidden_errors(self) -> None:
        """What brings the error back through the last matrix of two."""
        for layer in range(1, self.depth):
            self.transposed_weights(layer)
            self.derivative(layer)

    def transposed_weights(self, layer: int) -> None:
        """hT receives the output error through +W transposed (from o) and -W transposed (from oT-).

        For these copies to learn as W does, hT replays the hidden layer when W learns, and oT- carries the error
        of the other sign.
        """
        schedule, strength, name = self.schedule, self.strength, self.names[layer]
        above, back = layer + 1, f"{name}T"
        replays, errors = schedule.learning(above), schedule.hidden_error(layer)
        self.add(back, self.sizes[layer], "error", layer, [*replays, *errors])
        self.add("oT-", self.sizes[above], "error", above, replays)
        for phase, cause in zip(replays, ("d-", "d+"), strict=True):
            self.open(phase, "oT-", strength.half)
            self.one_to_one(cause, "oT-", strength.copy, phase - schedule.error)
            self.open(phase, back, strength.half)
            self.one_to_one(f"m_{name}", back, strength.copy, phase - schedule.memory(layer))
        self.carry("o", back, above, sign=1, transpose=True)
        self.carry("oT-", back, above, sign=-1, transpose=True)
        for phase in errors:
            self.open(phase, back, strength.hidden_error)
            self.lift(phase, back, back, self.code.back_step(self.quantum), centred=False)
        for post in self.copies_of(layer):
            self.one_to_one(back, post, strength.copy, 1)

    def derivative(self, layer: int) -> None:
        """c_h remembers where the derivative of the clipped ReLU is 1 and opens the hidden layer only there."""
        schedule, strength, name = self.schedule, self.strength, self.names[layer]
        _, low, high = self.copies_of(layer)
        mask, forward, phase = f"c_{name}", schedule.forward(layer), schedule.hidden_error(layer)[0]
        self.add(mask, self.sizes[layer], "memory", layer, [phase])
        self.open(phase, mask, strength.half)
        self.one_to_one(low, mask, strength.copy, phase - forward)
        self.one_to_one(high, mask, -strength.copy, phase - forward)
        for learning in schedule.learning(layer):
            for post in self.copies_of(layer):
                self.one_to_one(mask, post, strength.half, learning - phase)
