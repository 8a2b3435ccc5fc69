"""Puts circuits together, one part after the other, for binary and for graded codes.

With graded codes (:mod:`pynn_backprop.codes.code`) every population has n neurons for each unit, and differs from the
binary one in three places:

- numbers from outside are copied *unit to unit*, each neuron of a unit to all of the other;
- a **rotor**, a slow ring that moves on by one neuron in each cycle, lifts x, h, o, d+, d- and hT to their levels on
  top of the gates that open them; with noise, sources with random spikes do;
- a neuron of the output error compares the target's number with the level of *its own* output neuron.

With one neuron a unit all levels are 0 and the circuit is the binary one, to the last synapse.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..codes.code import Code
from .parameters import Parameters
from .parts import (
    ALL_TO_ALL,
    LEVELS,
    ONE_TO_ONE,
    PROBE,
    PROBE_THRESHOLD,
    RING,
    UNIT_TO_UNIT,
    Circuit,
    Levels,
    Population,
    Projection,
)
from .schedule import Schedule

ROTOR = "rotor"


class Builder:
    """Collects populations and projections; each method adds one part of the circuit.

    Parameters
    ----------
    units
        Units of the layers, input first.
    schedule, parameters, code
        Phases, strengths, and neurons of a unit.
    """

    def __init__(self, units: Sequence[int], schedule: Schedule, parameters: Parameters, code: Code) -> None:
        self.code = code
        self.quantum = parameters.quantum(code.n)
        self.sizes = tuple(int(size) * code.n for size in units)
        self.schedule = schedule
        self.strength = parameters
        self.depth = len(self.sizes) - 1
        self.names = ("x", *("h" for _ in range(self.depth - 1)), "o")
        self.populations: dict[str, Population] = {}
        self.projections: list[Projection] = []
        self.gates: list[Projection] = []

    def circuit(self) -> Circuit:
        """All that was added."""
        gates = [self.populations.pop(f"g{p}") for p in range(self.schedule.length)]
        populations = (*self.populations.values(), *gates)
        projections = (*self.projections, *self.gates)
        return Circuit(self.sizes, self.schedule, self.strength, populations, projections, self.code)

    # -- pieces ----------------------------------------------------------------------------------------------------

    def add(self, name: str, size: int, role: str, layer: int | None, phases: Sequence[int]) -> None:
        """Neurons."""
        bias, threshold = self.strength.bias, self.strength.theta
        self.populations[name] = Population(name, size, role, layer, tuple(sorted(phases)), bias, threshold)

    def source(self, name: str, size: int, layer: int | None, phase: int = 0) -> None:
        """Spikes from outside."""
        self.populations[name] = Population(name, size, "source", layer, (phase,), 0, 0)

    def one_to_one(self, pre: str, post: str, weight: int, latency: int) -> None:
        """Neuron i to neuron i."""
        self.projections.append(Projection(pre, post, ONE_TO_ONE, latency, weight))

    def unit_to_unit(self, pre: str, post: str, sign: int, latency: int) -> None:
        """Copy numbers, whichever neurons carry them; one to one where a unit is one neuron."""
        kind = UNIT_TO_UNIT if self.code.n > 1 else ONE_TO_ONE
        self.projections.append(Projection(pre, post, kind, latency, sign * self.strength.unit_copy(self.code.n)))

    def lift(self, phase: int, post: str, population: str, slope: int, centred: bool = True) -> None:
        """Lift the neurons of `post` to the levels of `population` in a phase.

        Each level costs a neuron `slope`.  Centred, the gate that opens it is that of the middle level.
        """
        code, size = self.code, self.populations[post].size
        base = slope * (code.n - 1) // 2 if centred else 0
        levels = Levels(code.n, size // code.n, code.step(population), base, 0 if code.bits else slope)
        if (base or levels.slope) and code.n > 1:
            self.rotor()
            self.gates.append(Projection(ROTOR, post, LEVELS, phase, levels=levels))
        for bit in range(code.bits):
            name = code.noise_source(population, bit)
            self.source(name, size, self.populations[post].layer)
            self.gates.append(Projection(name, post, ONE_TO_ONE, phase, -slope << bit))

    def rotor(self) -> None:
        """A slow ring: one neuron fires in phase 0 of every cycle, and the next one a cycle later."""
        if ROTOR not in self.populations:
            self.add(ROTOR, self.code.variants, "gate", None, [0])
            self.gates.append(Projection(ROTOR, ROTOR, RING, self.schedule.length, self.strength.chain))
            self.gates.append(Projection("start", ROTOR, ONE_TO_ONE, 1, self.strength.chain))

    def carry(self, pre: str, post: str, matrix: int, sign: int = 1, transpose: bool = False) -> None:
        """A copy of a weight matrix."""
        self.projections.append(
            Projection(pre, post, ALL_TO_ALL, 1, None, f"W{matrix}", sign, transpose, plastic=self.schedule.training)
        )

    def open(self, phase: int, post: str, weight: int) -> None:
        """A gate of the ring."""
        gate = f"g{(phase - 1) % self.schedule.length}"
        self.gates.append(Projection(gate, post, ALL_TO_ALL, 1, weight))

    def copies_of(self, layer: int) -> tuple[str, ...]:
        """The three populations of a layer above the input: the activation and its two edges."""
        name = self.names[layer]
        return (name, f"{name}_low", f"{name}_high")

    # -- parts of both circuits ------------------------------------------------------------------------------------

    def sources(self) -> None:
        """Inputs, targets, and what starts the ring."""
        self.source("input", self.sizes[0], 0)
        self.source("start", 1, None, self.schedule.length - 1)
        if self.schedule.training:
            self.source("target", self.sizes[-1], self.depth)

    def layers(self) -> None:
        """The layers, if they only have to answer."""
        for layer, (name, size) in enumerate(zip(self.names, self.sizes, strict=True)):
            phase = self.schedule.forward(layer)
            self.add(name, size, "data", layer, [phase])
            self.open(phase, name, self.strength.half)
            self.lift(phase, name, name, self.quantum)
            if layer:
                self.carry(self.names[layer - 1], name, layer)
        self.unit_to_unit("input", "x", 1, self.schedule.forward(0))

    def ring(self) -> None:
        """The gates, one for each phase; the last part to be added."""
        length = self.schedule.length
        for phase in range(length):
            self.add(f"g{phase}", 1, "gate", None, [phase])
            self.gates.append(Projection(f"g{phase}", f"g{(phase + 1) % length}", ONE_TO_ONE, 1, self.strength.chain))
        self.gates.append(Projection("start", "g0", ONE_TO_ONE, 1, self.strength.chain))

    def probe(self) -> None:
        """A population that shows the drive of the output."""
        phases: tuple[int, ...] = ()
        self.populations[PROBE] = Population(PROBE, self.sizes[-1], "probe", self.depth, phases, 0, PROBE_THRESHOLD)
        self.carry(self.names[-2], PROBE, self.depth)

    # -- parts of the training circuit -----------------------------------------------------------------------------

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

    def output_error(self) -> None:
        """d+ = t and not o, d- = o and not t, both only inside the box of the derivative: o_low and not o_high.

        Of a graded target, t stands for "the number is above the level that the o neuron had", so d+ has the levels
        of o, and d- their negatives.
        """
        schedule, copy, half, size = self.schedule, self.strength.copy, self.strength.half, self.sizes[-1]
        veto = self.strength.veto(self.code.n)
        self.add("t", size, "data", self.depth, [schedule.output])
        self.one_to_one("target", "t", self.strength.chain, schedule.output)
        for name, sign, causes in (("d+", 1, ("t", "o")), ("d-", -1, ("o", "t"))):
            self.add(name, size, "error", self.depth, [schedule.error])
            self.one_to_one("o_low", name, half, 1)
            for pre in causes:
                if pre == "t":
                    self.unit_to_unit(pre, name, sign, 1)
                else:
                    self.one_to_one(pre, name, -sign * veto, 1)
            self.lift(schedule.error, name, "o", sign * self.quantum)
        # A firing o already vetoes d+, and o_high never fires without o.
        self.one_to_one("o_high", "d-", -veto, 1)
        for phase, name in zip(schedule.learning(self.depth), ("d+", "d-"), strict=True):
            for post in self.copies_of(self.depth):
                self.one_to_one(name, post, copy, phase - schedule.error)
                self.open(phase, post, half)

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
            self.open(phase, back, strength.low)
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

    def reinforcement(self) -> None:
        """The neuron that fires in every potentiation."""
        self.add("r", 1, "reinforcement", None, self.schedule.reinforced)
        for phase in self.schedule.reinforced:
            self.open(phase, "r", self.strength.chain)

    def inhibit_replays(self) -> None:
        """Inhibit a population wherever a matrix drives it in a phase in which it must be silent."""
        for post in tuple(self.populations.values()):
            arrivals = {
                (phase + projection.latency) % self.schedule.length
                for projection in self.projections
                if projection.post == post.name and projection.matrix
                for phase in self.populations[projection.pre].phases
            }
            for phase in sorted(arrivals.difference(post.phases)):
                self.open(phase, post.name, self.strength.inhibition)
