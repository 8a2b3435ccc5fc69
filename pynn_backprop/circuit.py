"""The circuit as data: populations, projections and gates, with no simulator and no arrays.

:func:`training_circuit` and :func:`inference_circuit` return a :class:`Circuit`, a frozen description that can be
printed, drawn, counted and compared, and from which every platform builds its network.

Neurons have no memory from step to step: a neuron fires in a step exactly when

    -bias + (sum of the integer weights of the spikes that arrive in this step) > threshold .

The bias keeps it silent unless one gate opens it (:class:`~pynn_backprop.parameters.Parameters`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .checks import check_count
from .circuit_table import circuit_table
from .errors import InputError
from .parameters import Parameters as Parameters
from .schedule import MAX_DEPTH, Schedule

ONE_TO_ONE = "one_to_one"
ALL_TO_ALL = "all_to_all"


@dataclass(frozen=True)
class Population:
    """Neurons that do the same thing.

    Parameters
    ----------
    name
        For example ``h`` or ``d+``.
    size
        Number of neurons.
    role
        ``source`` (spikes from outside), ``data``, ``memory``, ``error``, ``gate``, ``reinforcement`` or ``probe``.
    layer
        Index of the layer it belongs to (0 is the input), None for gates.
    phases
        The phases of a cycle in which it may fire; it must be silent in all others.
    bias, threshold
        The neuron fires when -bias + drive > threshold.
    """

    name: str
    size: int
    role: str
    layer: int | None
    phases: tuple[int, ...]
    bias: int
    threshold: int


@dataclass(frozen=True)
class Projection:
    """Synapses from one population to another.

    Parameters
    ----------
    pre, post
        Names of the populations.
    kind
        ``one_to_one`` or ``all_to_all``.
    latency
        A spike at step t acts at step t + latency, in which it can make the target fire.
    weight
        The same for all synapses, or None where the weights are those of `matrix`.
    matrix
        Name of the weight matrix, ``W1`` or ``W2``, or None.
    sign, transpose
        The weights are sign * W, or sign * W transposed.
    plastic
        Whether the synapses follow the reinforced Hebbian rule.
    """

    pre: str
    post: str
    kind: str
    latency: int
    weight: int | None = None
    matrix: str | None = None
    sign: int = 1
    transpose: bool = False
    plastic: bool = False

    @property
    def label(self) -> str:
        """A name that no other projection of the circuit has."""
        return f"{self.pre}->{self.post} ({self.latency})"


@dataclass(frozen=True)
class Count:
    """Size of a circuit.  Sources are not neurons; the reinforcement neuron is counted apart (see the README)."""

    neurons: int
    reinforcement_neurons: int
    synapses: int
    plastic_synapses: int
    reinforcement_synapses: int


@dataclass(frozen=True)
class Circuit:
    """A circuit: what :func:`training_circuit` and :func:`inference_circuit` return.

    Parameters
    ----------
    layer_sizes
        Neurons of the layers, input first.
    schedule
        The phases of its cycle.
    parameters
        Its strengths.
    populations, projections
        All of them; names of populations and labels of projections are unique.
    """

    layer_sizes: tuple[int, ...]
    schedule: Schedule
    parameters: Parameters
    populations: tuple[Population, ...]
    projections: tuple[Projection, ...]
    _by_name: dict[str, Population] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = Counter(population.name for population in self.populations)
        labels = Counter(projection.label for projection in self.projections)
        twice = [name for name, count in (names + labels).items() if count > 1]
        if twice:
            raise InputError(f"the circuit has {', '.join(twice)} more than once")
        object.__setattr__(self, "_by_name", {population.name: population for population in self.populations})

    def __getitem__(self, name: str) -> Population:
        """The population of this name."""
        if name not in self._by_name:
            raise InputError(f"there is no population {name!r}; the circuit has {', '.join(self._by_name)}")
        return self._by_name[name]

    @property
    def depth(self) -> int:
        """Number of weight matrices."""
        return len(self.layer_sizes) - 1

    @property
    def matrices(self) -> dict[str, tuple[int, int]]:
        """Shapes (n_pre, n_post) of the weight matrices by name."""
        sizes = self.layer_sizes
        return {f"W{k}": (sizes[k - 1], sizes[k]) for k in range(1, len(sizes))}

    @property
    def neurons(self) -> tuple[Population, ...]:
        """The populations that are simulated: all but the sources."""
        return tuple(population for population in self.populations if population.role != "source")

    @property
    def sources(self) -> tuple[Population, ...]:
        """The populations whose spikes come from outside."""
        return tuple(population for population in self.populations if population.role == "source")

    def synapses(self, projection: Projection) -> int:
        """Number of synapses of `projection`."""
        pre, post = self[projection.pre].size, self[projection.post].size
        return pre * post if projection.kind == ALL_TO_ALL else pre

    def copies(self, matrix: str) -> tuple[Projection, ...]:
        """The projections that carry `matrix`; all must stay equal for ever."""
        return tuple(projection for projection in self.projections if projection.matrix == matrix)

    def count(self) -> Count:
        """Count neurons and synapses."""
        reinforcement = {p.name for p in self.populations if p.role == "reinforcement"}
        to_reinforcement = [p for p in self.projections if p.post in reinforcement]
        others = [p for p in self.projections if p.post not in reinforcement]
        return Count(
            neurons=sum(p.size for p in self.neurons if p.name not in reinforcement),
            reinforcement_neurons=sum(self[name].size for name in reinforcement),
            synapses=sum(map(self.synapses, others)),
            plastic_synapses=sum(self.synapses(p) for p in others if p.plastic),
            reinforcement_synapses=sum(map(self.synapses, to_reinforcement)),
        )

    def __str__(self) -> str:
        """The circuit as a table."""
        return circuit_table(self)


def training_circuit(layer_sizes: Sequence[int], parameters: Parameters | None = None) -> Circuit:
    """The circuit that learns, for one or two weight matrices.

    Parameters
    ----------
    layer_sizes
        Neurons of the layers, input first: (n_in, n_out) or (n_in, n_hidden, n_out).
    parameters
        Strengths; the published ones if None.

    Returns
    -------
    Circuit

    Raises
    ------
    InputError
        If a size is not a positive whole number or there are not two or three of them.
    """
    build = _Builder(layer_sizes, Schedule(_depth(layer_sizes)), parameters or Parameters())
    build.sources()
    build.layers_with_edges()
    build.output_error()
    build.memories()
    build.hidden_errors()
    build.reinforcement()
    build.inhibit_replays()
    build.ring()
    return build.circuit()


def inference_circuit(layer_sizes: Sequence[int], parameters: Parameters | None = None, probe: bool = False) -> Circuit:
    """The circuit that only computes the output.

    Parameters
    ----------
    layer_sizes
        Neurons of the layers, input first.
    parameters
        Strengths; the published ones if None.
    probe
        Add the population ``v_o``, which receives what the output receives and never fires: its membrane potential
        is the output's drive, without the reset that a spike brings.

    Returns
    -------
    Circuit
    """
    build = _Builder(layer_sizes, Schedule(_depth(layer_sizes), training=False), parameters or Parameters())
    build.sources()
    build.layers()
    if probe:
        build.probe()
    build.ring()
    return build.circuit()


def _depth(layer_sizes: Sequence[int]) -> int:
    sizes = tuple(layer_sizes)
    if not 2 <= len(sizes) <= MAX_DEPTH + 1:
        raise InputError(
            f"layer_sizes is {sizes} but must hold 2 or 3 numbers: (n_in, n_out) or (n_in, n_hidden, n_out)"
        )
    for index, size in enumerate(sizes):
        check_count(f"layer_sizes[{index}]", size)
    return len(sizes) - 1


PROBE = "v_o"
PROBE_THRESHOLD = 2**20
"""Above any drive of a probe of up to 4,000 hidden neurons."""


class _Builder:
    """Collects populations and projections; each method adds one part of the circuit."""

    def __init__(self, layer_sizes: Sequence[int], schedule: Schedule, parameters: Parameters) -> None:
        self.sizes = tuple(int(size) for size in layer_sizes)
        self.schedule = schedule
        self.strength = parameters
        self.depth = len(self.sizes) - 1
        self.names = ("x", *("h" for _ in range(self.depth - 1)), "o")
        self.populations: dict[str, Population] = {}
        self.projections: list[Projection] = []
        self.gates: list[Projection] = []

    def circuit(self) -> Circuit:
        gates = [self.populations.pop(f"g{p}") for p in range(self.schedule.length)]
        populations = (*self.populations.values(), *gates)
        return Circuit(self.sizes, self.schedule, self.strength, populations, (*self.projections, *self.gates))

    # -- pieces ----------------------------------------------------------------------------------------------------

    def add(self, name: str, size: int, role: str, layer: int | None, phases: Sequence[int]) -> None:
        bias, threshold = self.strength.bias, self.strength.theta
        self.populations[name] = Population(name, size, role, layer, tuple(sorted(phases)), bias, threshold)

    def source(self, name: str, size: int, layer: int | None, phase: int = 0) -> None:
        self.populations[name] = Population(name, size, "source", layer, (phase,), 0, 0)

    def one_to_one(self, pre: str, post: str, weight: int, latency: int) -> None:
        self.projections.append(Projection(pre, post, ONE_TO_ONE, latency, weight))

    def carry(self, pre: str, post: str, matrix: int, sign: int = 1, transpose: bool = False) -> None:
        self.projections.append(
            Projection(pre, post, ALL_TO_ALL, 1, None, f"W{matrix}", sign, transpose, plastic=self.schedule.training)
        )

    def open(self, phase: int, post: str, weight: int) -> None:
        gate = f"g{(phase - 1) % self.schedule.length}"
        self.gates.append(Projection(gate, post, ALL_TO_ALL, 1, weight))

    def copies_of(self, layer: int) -> tuple[str, ...]:
        """The three populations of a layer above the input: the activation and its two edges."""
        name = self.names[layer]
        return (name, f"{name}_low", f"{name}_high")

    # -- parts of both circuits ------------------------------------------------------------------------------------

    def sources(self) -> None:
        self.source("input", self.sizes[0], 0)
        self.source("start", 1, None, self.schedule.length - 1)
        if self.schedule.training:
            self.source("target", self.sizes[-1], self.depth)

    def layers(self) -> None:
        for layer, (name, size) in enumerate(zip(self.names, self.sizes, strict=True)):
            phase = self.schedule.forward(layer)
            self.add(name, size, "data", layer, [phase])
            self.open(phase, name, self.strength.half)
            if layer:
                self.carry(self.names[layer - 1], name, layer)
        self.one_to_one("input", "x", self.strength.copy, self.schedule.forward(0))

    def ring(self) -> None:
        length = self.schedule.length
        for phase in range(length):
            self.add(f"g{phase}", 1, "gate", None, [phase])
            self.gates.append(Projection(f"g{phase}", f"g{(phase + 1) % length}", ONE_TO_ONE, 1, self.strength.chain))
        self.gates.append(Projection("start", "g0", ONE_TO_ONE, 1, self.strength.chain))

    def probe(self) -> None:
        phases: tuple[int, ...] = ()
        self.populations[PROBE] = Population(PROBE, self.sizes[-1], "probe", self.depth, phases, 0, PROBE_THRESHOLD)
        self.carry(self.names[-2], PROBE, self.depth)

    # -- parts of the training circuit -----------------------------------------------------------------------------

    def layers_with_edges(self) -> None:
        schedule, strength = self.schedule, self.strength
        self.add("x", self.sizes[0], "data", 0, [schedule.forward(0), *schedule.learning(1)])
        self.open(schedule.forward(0), "x", strength.half)
        self.one_to_one("input", "x", strength.copy, schedule.forward(0))
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

    def output_error(self) -> None:
        """d+ = t and not o, d- = o and not t, both only inside the box of the derivative: o_low and not o_high."""
        schedule, copy, half, size = self.schedule, self.strength.copy, self.strength.half, self.sizes[-1]
        self.add("t", size, "data", self.depth, [schedule.output])
        self.one_to_one("target", "t", self.strength.chain, schedule.output)
        for name, cause, veto in (("d+", "t", "o"), ("d-", "o", "t")):
            self.add(name, size, "error", self.depth, [schedule.error])
            self.one_to_one("o_low", name, half, 1)
            self.one_to_one(cause, name, copy, 1)
            self.one_to_one(veto, name, -copy, 1)
        # A firing o already vetoes d+, and o_high never fires without o.
        self.one_to_one("o_high", "d-", -copy, 1)
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
