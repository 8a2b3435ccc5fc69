"""The pieces that all circuits share.

With graded codes (:mod:`pynn_backprop.codes.graded`) every population has n neurons for each unit, and differs from the
binary one in three places:

- numbers from outside are copied *unit to unit*, each neuron of a unit to all of the other;
- a **rotor**, a slow ring that moves on by one neuron in each cycle, lifts populations to their levels on top of the
  gates that open them; with noise, sources with random spikes do;
- a neuron of the output error compares the target's number with the level of *its own* output neuron.

With one neuron a unit all levels are 0 and the circuit is the binary one, to the last synapse.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..codes.code import Code
from .circuit import Circuit
from .connectivity import AllToAll, Levels, OneToOne, Ring, unit_to_unit
from .parameters import Parameters
from .parts import Population, Projection
from .schedule import Schedule, layer_names

ROTOR = "rotor"


class Builder:
    """Collects populations and projections; each method adds one piece of a circuit.

    Parameters
    ----------
    units
        Units of the layers, input first.
    schedule, parameters, code
        Phases, strengths, and how numbers become spikes.
    """

    def __init__(self, units: Sequence[int], schedule: Schedule, parameters: Parameters, code: Code) -> None:
        self.code = code
        self.quantum = parameters.quantum(code.n)
        self.sizes = tuple(int(size) * code.n for size in units)
        self.schedule = schedule
        self.strength = parameters
        self.populations: dict[str, Population] = {}
        self.projections: list[Projection] = []
        self.gates: list[Projection] = []

    def circuit(self) -> Circuit:
        """All that was added."""
        populations = tuple(self.populations.values())
        return Circuit(
            self.sizes, self.schedule, self.strength, populations, (*self.projections, *self.gates), self.code
        )

    # -- neurons ---------------------------------------------------------------------------------------------------

    def add(self, name: str, size: int, role: str, layer: int | None, phases: Sequence[int]) -> None:
        """Neurons."""
        bias, threshold = self.strength.bias, self.strength.theta
        self.populations[name] = Population(name, size, role, layer, tuple(sorted(phases)), bias, threshold)

    def source(self, name: str, size: int, layer: int | None, phase: int = 0) -> None:
        """Spikes from outside."""
        self.populations[name] = Population(name, size, "source", layer, (phase,), 0, 0)

    # -- synapses --------------------------------------------------------------------------------------------------

    def one_to_one(self, pre: str, post: str, weight: int, latency: int) -> None:
        """Neuron i to neuron i."""
        self.projections.append(Projection(pre, post, OneToOne(), latency, weight))

    def unit_to_unit(self, pre: str, post: str, sign: int, latency: int) -> None:
        """Copy numbers, whichever neurons carry them."""
        self.projections.append(Projection(pre, post, unit_to_unit(self.code.n), latency, sign * self.unit_copy))

    @property
    def unit_copy(self) -> int:
        """A synapse of a unit-to-unit copy."""
        return self.code.unit_copy(self.strength.copy, self.quantum)

    @property
    def veto(self) -> int:
        """A synapse as strong as a whole unit."""
        return self.code.n * self.unit_copy

    def carry(self, pre: str, post: str, matrix: int, sign: int = 1, transpose: bool = False) -> None:
        """A copy of a weight matrix."""
        self.projections.append(
            Projection(pre, post, AllToAll(), 1, None, f"W{matrix}", sign, transpose, plastic=self.schedule.training)
        )

    # -- gates and levels ------------------------------------------------------------------------------------------

    def open(self, phase: int, post: str, weight: int) -> None:
        """A gate of the ring."""
        gate = f"g{(phase - 1) % self.schedule.length}"
        self.gates.append(Projection(gate, post, AllToAll(), 1, weight))

    def lift(self, phase: int, post: str, population: str, slope: int, centred: bool = True, noise: str = "") -> None:
        """Lift the neurons of `post` to the levels of `population` in a phase.

        Each level costs a neuron `slope`.  Centred, the gate that opens it is that of the middle level.  Noise sources
        are named after `population`, or `noise`.
        """
        size, layer = self.populations[post].size, self.populations[post].layer
        rotor = self.code.rotor(population, slope, centred)
        if rotor is not None:
            self.rotor(ROTOR, self.code.variants)
            levels = Levels(self.code.n, size // self.code.n, *rotor)
            self.gates.append(Projection(ROTOR, post, levels, phase))
        for name, weight in self.code.noise(noise or population, slope):
            self.source(name, size, layer)
            self.gates.append(Projection(name, post, OneToOne(), phase, weight))

    def rotor(self, name: str, size: int) -> None:
        """A slow ring: one neuron fires in phase 0 of every cycle, and the next one a cycle later."""
        if name not in self.populations:
            self.add(name, size, "gate", None, [0])
            self.gates.append(Projection(name, name, Ring(), self.schedule.length, self.strength.chain))
            self.gates.append(Projection("start", name, OneToOne(), 1, self.strength.chain))

    def ring(self) -> None:
        """The gates, one for each phase."""
        length = self.schedule.length
        for phase in range(length):
            self.add(f"g{phase}", 1, "gate", None, [phase])
            self.gates.append(Projection(f"g{phase}", f"g{(phase + 1) % length}", OneToOne(), 1, self.strength.chain))
        self.gates.append(Projection("start", "g0", OneToOne(), 1, self.strength.chain))


class LayerBuilder(Builder):
    """Pieces of circuits of layers, joined by weight matrices: x, h, o.

    Parameters are those of :class:`Builder`.
    """

    def __init__(self, units: Sequence[int], schedule: Schedule, parameters: Parameters, code: Code) -> None:
        super().__init__(units, schedule, parameters, code)
        self.depth = len(self.sizes) - 1
        self.names = layer_names(self.depth)

    def sources(self) -> None:
        """Inputs, targets, and what starts the ring."""
        self.source("input", self.sizes[0], 0)
        self.source("start", 1, None, self.schedule.length - 1)
        if self.schedule.training:
            self.source("target", self.sizes[-1], self.depth)
