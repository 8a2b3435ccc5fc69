r"""Graded values handed down gated chains of populations, in the memoryless neurons of the circuit.

A route is a synfire-gated synfire chain: populations of one or several units of N neurons, joined by unit-to-unit
copies whose synapses are worth q = theta / N.  All routes start at the same input, and a value travels down the route
whose gates open.  The gate neurons of a route form a chain of their own, which one spike of the source
``open <route>`` starts, so that a spike decides in every cycle where the value goes.

With m neurons firing, the next population's neurons have the drive q m and fire when q m > q (level + 1/2), that is,
when their level is below m: exactly m of them, whichever they are, since the levels of a unit are a permutation.  With
noise the levels are independent, every neuron fires with probability m/N, and the number of firing neurons does a
random walk (the neutral drift of Wright and Fisher): its mean stays, and after k copies of a value s the share has the
variance

.. math:: s (1 - s) \bigl(1 - (1 - 1/N)^k\bigr) .
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from ..checks import check_choice, check_count
from ..codes.code import ROTATED, Code
from ..errors import InputError
from ..platforms import Platform
from ..spikes import Spikes
from .builder import ROTOR
from .parameters import Parameters, default_parameters
from .parts import ALL_TO_ALL, LEVELS, ONE_TO_ONE, RING, UNIT_TO_UNIT, Circuit, Levels, Population, Projection
from .schedule import Schedule

OPENS = "open "


@dataclass(frozen=True)
class ChainSchedule(Schedule):
    """A cycle in which population k of a chain fires in phase k + 1: an inference cycle of any depth.

    Parameters
    ----------
    depth
        Copies in the chain, one less than it has populations.
    training
        Never.
    """

    training: bool = False

    def __post_init__(self) -> None:
        check_count("the number of copies", self.depth, 0)
        if self.training:
            raise InputError("training is True but a chain does not learn")

    @property
    def labels(self) -> tuple[str, ...]:
        """What happens in each phase, in words."""
        return ("rest", *(f"population {k}" for k in range(self.depth + 1)))


def chain_circuit(
    units: int, populations: int, code: Code, routes: Sequence[str] = ("a",), parameters: Parameters | None = None
) -> Circuit:
    """Gated chains that copy graded values.

    Parameters
    ----------
    units
        Values handed down at once.
    populations
        Populations of a route.
    code
        Neurons of a unit and their dither.
    routes
        Names of the routes.  Population k of route a is ``a<k>``, the gate that opens it ``ga<k>`` or, for the first
        one, the source ``open a``.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        Without weight matrices; :func:`copy_values` runs it.

    Raises
    ------
    InputError
        If a number is not positive, there is no route, two have the same name, or theta does not suit the code.
    """
    check_count("units", units)
    check_count("populations", populations)
    if not routes or len(set(routes)) < len(routes) or not all(str(name).isalpha() for name in routes):
        raise InputError(f"routes are {tuple(routes)} but must be one or more different names of letters only")
    build = _ChainBuilder(units, ChainSchedule(populations - 1), parameters or default_parameters(code.n), code)
    for route in routes:
        build.route(route)
    return build.circuit()


class _ChainBuilder:
    """Collects the populations and projections of chains."""

    def __init__(self, units: int, schedule: ChainSchedule, parameters: Parameters, code: Code) -> None:
        self.units, self.schedule, self.strength, self.code = units, schedule, parameters, code
        self.size = units * code.n
        self.quantum = parameters.quantum(code.n)
        self.populations: list[Population] = []
        self.projections: list[Projection] = []
        self.source("input", self.size)
        self.source("start", 1, schedule.length - 1)
        if code.n > 1:
            self.add(ROTOR, code.variants, "gate", None, 0)
            self.join(ROTOR, ROTOR, RING, schedule.length, parameters.chain)
            self.join("start", ROTOR, ONE_TO_ONE, 1, parameters.chain)

    def circuit(self) -> Circuit:
        populations, projections = tuple(self.populations), tuple(self.projections)
        return Circuit((self.size,), self.schedule, self.strength, populations, projections, self.code)

    def add(self, name: str, size: int, role: str, layer: int | None, phase: int) -> None:
        bias, threshold = self.strength.bias, self.strength.theta
        self.populations.append(Population(name, size, role, layer, (phase,), bias, threshold))

    def source(self, name: str, size: int, phase: int = 0) -> None:
        self.populations.append(Population(name, size, "source", None, (phase,), 0, 0))

    def join(self, pre: str, post: str, kind: str, latency: int, weight: int) -> None:
        self.projections.append(Projection(pre, post, kind, latency, weight))

    def route(self, route: str) -> None:
        """One chain; its source fires in phase 0, gate k of it in phase k, population k in phase k + 1."""
        gate, below = OPENS + route, "input"
        self.source(gate, 1)
        for k in range(self.schedule.depth + 1):
            name, phase = f"{route}{k}", k + 1
            self.add(name, self.size, "data", k, phase)
            self.join(gate, name, ALL_TO_ALL, 1, self.strength.half)
            kind = UNIT_TO_UNIT if self.code.n > 1 else ONE_TO_ONE
            self.join(below, name, kind, 1, self.strength.unit_copy(self.code.n))
            self.lift(name, phase, ROTATED[k % len(ROTATED)])
            if k < self.schedule.depth:
                self.add(f"g{route}{phase}", 1, "gate", None, phase)
                self.join(gate, f"g{route}{phase}", ONE_TO_ONE, 1, self.strength.chain)
            gate, below = f"g{route}{phase}", name

    def lift(self, name: str, phase: int, rotated: str) -> None:
        code = self.code
        if code.n > 1:
            slope = 0 if code.bits else self.quantum
            levels = Levels(code.n, self.units, code.step(rotated), self.quantum * (code.n - 1) // 2, slope)
            self.projections.append(Projection(ROTOR, name, LEVELS, phase, levels=levels))
        for bit in range(code.bits):
            self.source(code.noise_source(f"{name}_", bit), self.size)
            self.join(code.noise_source(f"{name}_", bit), name, ONE_TO_ONE, phase, -self.quantum << bit)


class Shows(Protocol):
    """A network that can be told which neurons of its sources fire."""

    def show(self, sources: dict[str, np.ndarray]) -> None:
        """Show samples, bool of shape (n_samples, size) by name of the source."""

    def take_spikes(self) -> Spikes:
        """The spikes of the recorded populations since the last call."""

    def close(self) -> None:
        """Free what the platform holds."""


def copy_values(
    platform: Platform, circuit: Circuit, values: np.ndarray, routes: Sequence[str], runs: int = 1
) -> dict[str, np.ndarray]:
    """Hand values down the chains of a circuit.

    Parameters
    ----------
    platform
        Where.
    circuit
        A :func:`chain_circuit`.
    values
        From 0 to 1, shape (n_samples, units).
    routes
        Which route opens for each sample, n_samples names.
    runs
        In how many runs of the simulator the samples are shown.

    Returns
    -------
    dict
        By route: the share of each unit's neurons that fire in each population, shape (n_samples, populations,
        units).  It is 0 all along a route that is closed.

    Raises
    ------
    InputError
        If a value is not from 0 to 1, or a route is none of the circuit's.
    """
    sources = chain_sources(circuit, values, routes)
    names = [population.name for population in circuit.populations if population.role == "data"]
    running = cast(Shows, platform.build(circuit, {}, names))
    try:
        for part in np.array_split(np.arange(len(values)), runs):
            running.show({name: fires[part] for name, fires in sources.items()})
        spikes = running.take_spikes()
    finally:
        running.close()
    depth, length = circuit.schedule.depth, circuit.schedule.length
    shares = {route: np.zeros((len(values), depth + 1, circuit.units[0])) for route in _routes(circuit)}
    for route, share in shares.items():
        for k in range(depth + 1):
            step, neuron = spikes[f"{route}{k}"].T
            np.add.at(share, (step // length - 1, k, neuron // circuit.code.n), 1 / circuit.code.n)
    return shares


def chain_sources(circuit: Circuit, values: np.ndarray, routes: Sequence[str]) -> dict[str, np.ndarray]:
    """Which sources fire, bool of shape (n_samples, size) by name; parameters as in :func:`copy_values`."""
    code, generator = circuit.code, np.random.default_rng(circuit.code.seed)
    if len(routes) != len(values):
        raise InputError(f"there are {len(values)} samples but {len(routes)} routes")
    for route in set(routes):
        check_choice("route", route, _routes(circuit))
    fires = {"input": code.fire(values)}
    for source in circuit.sources:
        if source.name.startswith(OPENS):
            fires[source.name] = np.array([[route == source.name[len(OPENS) :]] for route in routes])
        elif source.name not in ("input", "start"):
            fires[source.name] = generator.random((len(values), source.size)) < 0.5
    return fires


def _routes(circuit: Circuit) -> list[str]:
    return [source.name[len(OPENS) :] for source in circuit.sources if source.name.startswith(OPENS)]


def drift(value: float, n: int, copies: np.ndarray) -> np.ndarray:
    """Standard deviation of the share of firing neurons after each number of copies with noise, as computed above.

    Parameters
    ----------
    value
        From 0 to 1.
    n
        Neurons of a unit.
    copies
        How often it was copied, shape (k,).
    """
    return np.asarray(np.sqrt(value * (1 - value) * (1 - (1 - 1 / n) ** np.asarray(copies))))
