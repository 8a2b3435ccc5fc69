"""A circuit as data: a frozen description that can be printed, drawn, counted and compared.

Every platform builds its network from it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ..arguments import checked, checked_class
from ..checks import as_array, check_bound, check_choice, check_count, described
from ..codes.binary import Binary
from ..codes.code import Code
from ..errors import InputError
from ..resources import in_words
from .connectivity import Ring
from .parameters import MAX_READOUT, Parameters
from .parts import READOUT, Population, Projection
from .schedule import Schedule

MOST_NEURONS = 2**31
"""Of a layer: their numbers are kept in 32 bits."""


@dataclass(frozen=True)
class Count:
    """Size of a circuit.  Sources are not neurons; the reinforcement neuron is counted apart (see the README)."""

    neurons: int
    reinforcement_neurons: int
    synapses: int
    plastic_synapses: int
    reinforcement_synapses: int

    def __str__(self) -> str:
        """In words."""
        text = f"{self.neurons:,} neurons, {self.synapses:,} synapses, {self.plastic_synapses:,} of them plastic"
        if self.reinforcement_neurons:
            text += (
                f"; besides {self.reinforcement_neurons} reinforcement neuron with {self.reinforcement_synapses} "
                "synapses"
            )
        return text


@checked_class
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
    in_words: ClassVar[str] = "a Circuit, for example training_circuit((4, 3))"
    _by_name: dict[str, Population] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for index, size in enumerate(self.neurons):
            check_count(f"neurons[{index}]", size)
            check_bound(
                f"neurons[{index}]", size, MOST_NEURONS, f"they alone would take at least {in_words(16 * size)}"
            )
        names = Counter(population.name for population in self.populations)
        labels = Counter(projection.label for projection in self.projections)
        twice = [name for name, count in (names + labels).items() if count > 1]
        if twice:
            raise InputError(f"the circuit has {', '.join(twice)} more than once")
        object.__setattr__(self, "_by_name", {population.name: population for population in self.populations})

    @checked
    def __getitem__(self, name: str) -> Population:
        """The population of this name."""
        if name not in self._by_name:
            raise InputError(f"there is no population {name!r}; the circuit has {', '.join(self._by_name)}")
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a population of this name."""
        return name in self._by_name

    @property
    def depth(self) -> int:
        """Number of weight matrices."""
        return len(self.neurons) - 1

    @property
    def units(self) -> tuple[int, ...]:
        """Units of the layers, input first; what the builders were given."""
        return tuple(size // self.code.n for size in self.neurons)

    @property
    def period(self) -> int:
        """Cycles until every rotor is where it was: sample s meets what depends on s modulo this number."""
        rings = [projection.pre for projection in self.projections if isinstance(projection.connectivity, Ring)]
        return math.lcm(*(self[rotor].size for rotor in rings))

    @property
    def matrices(self) -> dict[str, tuple[int, int]]:
        """Shapes (n_pre, n_post) of the weight matrices by name."""
        sizes = self.neurons
        return {f"W{k}": (sizes[k - 1], sizes[k]) for k in range(1, len(sizes))}

    @property
    def readout(self) -> tuple[str, ...]:
        """The populations of the read-out; none where the output itself answers."""
        names = (f"{READOUT}{k}" for k in range(1, MAX_READOUT + 1))
        return tuple(itertools.takewhile(self._by_name.__contains__, names))

    @property
    def simulated(self) -> tuple[Population, ...]:
        """The populations that are simulated: all but the sources."""
        return tuple(population for population in self.populations if population.role != "source")

    @property
    def sources(self) -> tuple[Population, ...]:
        """The populations whose spikes come from outside."""
        return tuple(population for population in self.populations if population.role == "source")

    @checked
    def synapses(self, projection: Projection) -> int:
        """Number of synapses of `projection`."""
        return projection.connectivity.synapses(self[projection.pre].size, self[projection.post].size)

    @checked
    def level_weights(self, projection: Projection) -> np.ndarray | None:
        """The weights of a projection that follow from its connectivity, int64 (n_pre, n_post), or None."""
        return projection.connectivity.weights(self[projection.pre].size, self[projection.post].size)

    def noise(self, samples: np.ndarray) -> dict[str, np.ndarray]:
        """Which noise sources fire, bool of shape (n_samples, size) by name; none if levels are not random.

        Parameters
        ----------
        samples
            Numbers of the samples, counted from the start of training: they decide the random numbers.
        """
        samples = as_array("samples", samples)
        if samples.ndim != 1 or samples.dtype.kind not in "iu":
            raise InputError(f"samples is {described(samples)} but must be integers of shape (n_samples,)")
        fires: dict[str, np.ndarray] = {}
        for population in self.populations:
            if any(name in self for name, _ in self.code.noise(population.name, 1)):
                fires |= self.code.noise_spikes(population.name, population.size // self.code.n, samples)
        return fires

    @checked
    def copies(self, matrix: str) -> tuple[Projection, ...]:
        """The projections that carry `matrix`; all must stay equal for ever."""
        check_choice("matrix", matrix, self.matrices)
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
        return _table(self)


def _table(circuit: Circuit) -> str:
    """Phases, populations, projections and totals of a circuit as text."""
    what = "training" if circuit.schedule.training else "inference"
    sizes = "-".join(map(str, circuit.units)) + circuit.code.words
    lines = [f"{what} circuit {sizes}, {circuit.schedule.length} phases a cycle", "", "phases"]
    lines += [f"  {phase:2d}  {label}" for phase, label in enumerate(circuit.schedule.labels)]
    lines += ["", f"{'population':<12}{'neurons':>9}  {'role':<15}{'layer':>5}  fires in phase"]
    for p in circuit.populations:
        layer = "" if p.layer is None else p.layer
        lines.append(f"{p.name:<12}{p.size:>9,}  {p.role:<15}{layer:>5}  {', '.join(map(str, p.phases))}")
    lines += ["", f"{'pre':<10}{'post':<10}{'kind':<12}{'synapses':>9}  {'latency':>7}  weight"]
    for q in circuit.projections:
        sign = "-" if q.sign < 0 else ""
        weight = q.connectivity.weight_in_words(q.weight)
        if q.matrix:
            weight = f"{sign}{q.matrix}{'^T' if q.transpose else ''}"
        weight += ", plastic" if q.plastic else ""
        kind = q.connectivity.name
        lines.append(f"{q.pre:<10}{q.post:<10}{kind:<12}{circuit.synapses(q):>9,}  {q.latency:>7}  {weight}")
    return "\n".join([*lines, "", str(circuit.count())])
