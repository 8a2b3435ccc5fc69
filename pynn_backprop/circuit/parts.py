"""What a circuit consists of: populations, projections and their sum, a :class:`Circuit`.

A circuit is a frozen description that can be printed, drawn, counted and compared, and from which every platform
builds its network.

Neurons have no memory from step to step: a neuron fires in a step exactly when

    -bias + (sum of the integer weights of the spikes that arrive in this step) > threshold .

The bias keeps it silent unless one gate opens it (:class:`~pynn_backprop.circuit.parameters.Parameters`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..codes.code import Binary, Code
from ..errors import InputError
from .parameters import Parameters
from .schedule import Schedule
from .table import circuit_table

ONE_TO_ONE = "one_to_one"
"""Neuron i to neuron i; one source neuron may reach the first of several neurons."""
ALL_TO_ALL = "all_to_all"
UNIT_TO_UNIT = "unit_to_unit"
"""Each neuron of unit i to each neuron of unit i."""
RING = "ring"
"""Neuron c to neuron c + 1, the last to the first."""
LEVELS = "levels"
"""All to all, with the weights of a :class:`Levels`."""

PROBE = "v_o"
PROBE_THRESHOLD = 2**20
"""Above any drive of a probe of up to 4,000 hidden neurons."""


@dataclass(frozen=True)
class Levels:
    """The weights by which a rotor lifts the neurons of a population to their levels.

    Rotor neuron c gives neuron k of unit i the weight base - slope * level, where
    level = (k + step * c + floor(i * n / units)) mod n.

    Parameters
    ----------
    n
        Neurons of a unit.
    units
        Units of the population.
    step
        By how much the levels rise from one rotor neuron to the next.
    base, slope
        See above.
    """

    n: int
    units: int
    step: int
    base: int
    slope: int


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
        ``one_to_one``, ``all_to_all``, ``unit_to_unit``, ``ring`` or ``levels``.
    latency
        A spike at step t acts at step t + latency, in which it can make the target fire.
    weight
        The same for all synapses, or None where the weights are those of `matrix` or of `levels`.
    matrix
        Name of the weight matrix, ``W1`` or ``W2``, or None.
    sign, transpose
        The weights are sign * W, or sign * W transposed.
    plastic
        Whether the synapses follow the reinforced Hebbian rule.
    levels
        The weights of a projection of kind ``levels``, else None.
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
    levels: Levels | None = None

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
    """A circuit.

    Make one with :func:`~pynn_backprop.circuit.published.training_circuit`,
    :func:`~pynn_backprop.circuit.published.inference_circuit` or :func:`~pynn_backprop.circuit.chain.chain_circuit`.

    Parameters
    ----------
    neurons
        Neurons of the layers, input first.
    schedule
        The phases of its cycle.
    parameters
        Its strengths.
    populations, projections
        All of them; names of populations and labels of projections are unique.
    code
        How numbers become spikes; ``code.n`` neurons make a unit.
    """

    neurons: tuple[int, ...]
    schedule: Schedule
    parameters: Parameters
    populations: tuple[Population, ...]
    projections: tuple[Projection, ...]
    code: Code = field(default_factory=Binary)
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
        return len(self.neurons) - 1

    @property
    def units(self) -> tuple[int, ...]:
        """Units of the layers, input first; what the builders were given."""
        return tuple(size // self.code.n for size in self.neurons)

    @property
    def matrices(self) -> dict[str, tuple[int, int]]:
        """Shapes (n_pre, n_post) of the weight matrices by name."""
        sizes = self.neurons
        return {f"W{k}": (sizes[k - 1], sizes[k]) for k in range(1, len(sizes))}

    @property
    def simulated(self) -> tuple[Population, ...]:
        """The populations that are simulated: all but the sources."""
        return tuple(population for population in self.populations if population.role != "source")

    @property
    def sources(self) -> tuple[Population, ...]:
        """The populations whose spikes come from outside."""
        return tuple(population for population in self.populations if population.role == "source")

    def synapses(self, projection: Projection) -> int:
        """Number of synapses of `projection`."""
        pre, post = self[projection.pre].size, self[projection.post].size
        if projection.kind == UNIT_TO_UNIT:
            return pre * self.code.n
        return pre * post if projection.kind in (ALL_TO_ALL, LEVELS) else pre

    def copies(self, matrix: str) -> tuple[Projection, ...]:
        """The projections that carry `matrix`; all must stay equal for ever."""
        return tuple(projection for projection in self.projections if projection.matrix == matrix)

    def count(self) -> Count:
        """Count neurons and synapses."""
        reinforcement = {p.name for p in self.populations if p.role == "reinforcement"}
        to_reinforcement = [p for p in self.projections if p.post in reinforcement]
        others = [p for p in self.projections if p.post not in reinforcement]
        return Count(
            neurons=sum(p.size for p in self.simulated if p.name not in reinforcement),
            reinforcement_neurons=sum(self[name].size for name in reinforcement),
            synapses=sum(map(self.synapses, others)),
            plastic_synapses=sum(self.synapses(p) for p in others if p.plastic),
            reinforcement_synapses=sum(map(self.synapses, to_reinforcement)),
        )

    def __str__(self) -> str:
        """The circuit as a table."""
        return circuit_table(self)
