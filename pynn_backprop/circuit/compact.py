"""The training circuit that pays only for its errors, for any number of weight matrices.

In the published circuit every sample costs a whole backward pass, whether there is an error or not.  Here

- a neuron **e** fires in the phase after d+ and d- if any of them fired, and opens everything behind it: the memory of
  x, all replays, the edges, the hidden errors, the reinforcement neuron.  If the answer is right, nothing happens after
  its phase but the ring;
- the **edges of the derivative are read only when they are needed**, by the same population and the same weights: the
  layer below is replayed twice more, and a hidden layer is opened once with the gate `low` and once with `high`; its
  mask remembers low and not high.  So every matrix but the last stands only once in forward direction.

The weights are those of the published circuit, to the last integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..codes.code import Code
from .circuit import Circuit
from .connectivity import AllToAll
from .parameters import Parameters
from .parts import Population, Projection
from .schedule import TrainingSchedule
from .training_builder import TrainingBuilder

ERROR = "e"
ANY, ANY_THRESHOLD = 64, 32
"""Weight from d+ and d- to e, and its threshold: any one spike makes it fire, thousands don't overflow on a chip."""


def compact_circuit(units: Sequence[int], parameters: Parameters, code: Code) -> Circuit:
    """The circuit that learns; parameters as in :func:`~pynn_backprop.circuit.training.training_circuit`."""
    build = _CompactBuilder(units, CompactSchedule(len(units) - 1), parameters, code)
    build.sources()
    build.layers()
    build.output_error()
    build.memories()
    for layer in range(build.depth - 1, 0, -1):
        build.transposed_weights(layer)
        build.derivative(layer)
    build.reinforcement()
    build.inhibit_replays()
    build.thin()
    build.ring()
    return build.circuit()


@dataclass(frozen=True)
class CompactSchedule(TrainingSchedule):
    r"""The phases of the error-gated circuit.

    ==============================  =============================================================================
    phase                           what happens
    ==============================  =============================================================================
    1 + l                           layer l fires forward
    L + 1, L + 2, E = L + 3         output with its edges and the target; d+ and d-; e
    L + 4, L + 6                    W_L learns from d+ (with r), then from d- (without)
    L + 5, L + 7                    its error reaches hT of layer L - 1: positive part, negative part
    for l = L - 1 to 1, from        S = L + 7 + 8 (L - 1 - l):
    S, S + 2                        layer l - 1 is replayed
    S + 1, S + 3                    layer l reads its low edge, its high edge
    S + 4                           the mask of layer l remembers low and not high
    S + 5, S + 7                    W_l learns from the positive part of the error (with r), then from the negative
    S + 6, S + 8                    the error reaches hT of layer l - 1
    ==============================  =============================================================================

    There are 9 L - 1 phases.
    """

    form: ClassVar[str] = "compact"

    @property
    def length(self) -> int:
        """9 L - 1."""
        return 9 * self.depth - 1

    @property
    def gate(self) -> int:
        """E, the phase in which e fires."""
        return self.error + 1

    def edges(self, layer: int) -> int:
        """S, the phase in which the reading of the edges of hidden layer `layer` begins."""
        return self.depth + 7 + 8 * (self.depth - 1 - layer)

    def learning(self, matrix: int) -> tuple[int, int]:
        """See :meth:`~.schedule.TrainingSchedule.learning`."""
        if matrix == self.depth:
            return self.gate + 1, self.gate + 3
        start = self.edges(matrix)
        return start + 5, start + 7

    def mask(self, layer: int) -> int:
        """The phase in which the mask of a hidden layer fires."""
        return self.edges(layer) + 4

    def replays(self, layer: int) -> tuple[int, ...]:
        """The phases in which a layer below the output is replayed: for the edges of the layer above, and to learn."""
        above, learning = layer + 1, self.learning(layer + 1)
        return learning if above == self.depth else (self.edges(above), self.edges(above) + 2, *learning)

    def memory(self, layer: int) -> int:
        """The memory of the input waits for e, where there is time; a hidden layer's is a copy at once."""
        return self.gate + 1 if layer == 0 and self.depth > 1 else self.forward(layer) + 1

    def names(self) -> dict[int, str]:
        """See :meth:`~.schedule.Schedule.names`."""
        names = super().names() | {self.gate: "is there an error?"}
        for layer in range(1, self.depth):
            which, start = "" if self.depth == 2 else f" {layer}", self.edges(layer)
            names |= {start + 1: f"low edge{which}", start + 3: f"high edge{which}", start + 4: f"mask{which}"}
            # The first replay comes with the negative part of the error of the layer itself.
            names |= {start: f"{names[start]}; replay{which}", start + 2: f"replay{which}"}
        return names


class _CompactBuilder(TrainingBuilder):
    """Adds the parts of the circuit, one after the other."""

    schedule: CompactSchedule

    @property
    def held(self) -> int:
        """What bias and threshold hold back, copies that arrive with it allowed for."""
        return self.strength.bias - self.strength.theta

    def open(self, phase: int, post: str, weight: int) -> None:
        """A gate of the ring, or of e for everything behind it; phase 0 belongs to the sample before."""
        latency = (phase - self.schedule.gate) % self.schedule.length
        if 0 < phase <= self.schedule.gate:
            super().open(phase, post, weight)
        else:
            self.gates.append(Projection(ERROR, post, AllToAll(), latency, weight))

    def layers(self) -> None:
        """The layers; only the output has populations of its own for the edges."""
        schedule, strength = self.schedule, self.strength
        for layer, name in enumerate(self.names[:-1]):
            phases = {schedule.forward(layer), *schedule.replays(layer)}
            if layer:
                start = schedule.edges(layer)
                phases |= {start + 1, start + 3, *schedule.learning(layer)}
            self.add(name, self.sizes[layer], "data", layer, sorted(phases))
            self.forward(layer, name, strength.half)
            if layer:
                self.open(start + 1, name, strength.low)
                self.open(start + 3, name, strength.high)
        self.unit_to_unit("input", "x", 1, schedule.forward(0))
        for name, gate in zip(self.copies_of_output, (strength.half, strength.low, strength.high), strict=True):
            self.add(name, self.sizes[-1], "data", self.depth, [schedule.output, *schedule.learning(self.depth)])
            self.forward(self.depth, name, gate)

    def forward(self, layer: int, name: str, gate: int) -> None:
        """Open a population of a layer in its forward phase, and join it to the layer below."""
        phase = self.schedule.forward(layer)
        self.open(phase, name, gate)
        if name == self.names[layer]:
            self.lift(phase, name, name, self.quantum)
        if layer:
            self.carry(self.names[layer - 1], name, layer)

    def output_error(self) -> None:
        """d+ and d- as published, and e, which fires if any of them does."""
        super().output_error()
        self.populations[ERROR] = Population(ERROR, 1, "error", None, (self.schedule.gate,), 0, ANY_THRESHOLD)
        for name in ("d+", "d-"):
            self.projections.append(Projection(name, ERROR, AllToAll(), 1, ANY))

    def memories(self) -> None:
        """Every layer below the output is replayed from a memory."""
        schedule, strength = self.schedule, self.strength
        for layer, name in enumerate(self.names[:-1]):
            memory, phase = f"m_{name}", schedule.memory(layer)
            self.add(memory, self.sizes[layer], "memory", layer, [phase])
            self.open(phase, memory, strength.half)
            self.one_to_one(name, memory, strength.copy, phase - schedule.forward(layer))
            for replay in schedule.replays(layer):
                self.one_to_one(memory, name, strength.copy, replay - phase)
                self.open(replay, name, strength.half)

    def transposed_weights(self, layer: int) -> None:
        """hT receives the error of the layer above, through +W transposed from it and -W transposed from its carrier.

        The carrier fires with the other sign of the error.  For these copies to learn as W does, hT replays its layer
        when W learns.
        """
        schedule, strength, name = self.schedule, self.strength, self.names[layer]
        above, back, phases = layer + 1, f"{name}T", schedule.learning(layer + 1)
        carrier = f"{self.names[above]}T-"
        self.add(back, self.sizes[layer], "error", layer, [*phases, *schedule.hidden_error(layer)])
        self.add(carrier, self.sizes[above], "error", above, phases)
        for phase in phases:
            self.open(phase, back, strength.half)
            self.one_to_one(f"m_{name}", back, strength.copy, phase - schedule.memory(layer))
        if above == self.depth:
            for phase, cause in zip(phases, ("d-", "d+"), strict=True):
                self.open(phase, carrier, strength.half)
                self.one_to_one(cause, carrier, strength.copy, phase - schedule.error)
        self.carry(self.names[above], back, above, sign=1, transpose=True)
        self.carry(carrier, back, above, sign=-1, transpose=True)
        for phase in schedule.hidden_error(layer):
            self.open(phase, back, strength.hidden_error)
            self.lift(phase, back, back, self.code.back_step(self.quantum), centred=False)

    def derivative(self, layer: int) -> None:
        """The mask of a layer remembers where its derivative is 1, and opens it only there for its error.

        The carrier of the other sign, which the layer below needs, is opened with it, and takes the two parts of the
        error in the other order.
        """
        schedule, strength, name = self.schedule, self.strength, self.names[layer]
        mask, phase, start = f"c_{name}", schedule.mask(layer), schedule.edges(layer)
        self.add(mask, self.sizes[layer], "memory", layer, [phase])
        self.open(phase, mask, strength.half)
        self.one_to_one(name, mask, strength.copy, phase - (start + 1))
        self.one_to_one(name, mask, -strength.copy, phase - (start + 3))
        learning, (positive, negative) = schedule.learning(layer), schedule.hidden_error(layer)
        # Both parts are as far from their learning phase, so that one projection serves both.
        self.one_to_one(f"{name}T", name, strength.copy, learning[0] - positive)
        carriers = [f"{name}T-"] if layer > 1 else []
        if carriers:
            self.one_to_one(f"{name}T", carriers[0], strength.copy, learning[0] - negative)
            self.one_to_one(f"{name}T", carriers[0], strength.copy, learning[1] - positive)
        for post in (name, *carriers):
            for when in learning:
                self.one_to_one(mask, post, strength.half, when - phase)
