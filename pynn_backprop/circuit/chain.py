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

from ..checks import check_count
from ..codes.code import LEVELLED, Code
from ..errors import InputError
from .builder import Builder
from .circuit import Circuit
from .connectivity import AllToAll, OneToOne
from .parameters import Parameters, default_parameters
from .parts import Projection
from .schedule import InferenceSchedule

OPENS = "open "


@dataclass(frozen=True)
class ChainSchedule(InferenceSchedule):
    """A cycle in which population k of a chain fires in phase k + 1: an inference cycle of any depth.

    Parameters
    ----------
    depth
        Copies in the chain, one less than it has populations.
    """

    def __post_init__(self) -> None:
        check_count("the number of copies", self.depth, 0)

    def names(self) -> dict[int, str]:
        """See :meth:`~.schedule.Schedule.names`."""
        return {0: "rest"} | {1 + k: f"population {k}" for k in range(self.depth + 1)}


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
        Without weight matrices; :func:`~pynn_backprop.tasks.copy_chain.chain_sources` says which sources fire.

    Raises
    ------
    InputError
        If a number is not positive, there is no route, two have the same name, or theta does not suit the code.
    """
    check_count("units", units)
    check_count("populations", populations)
    if not routes or len(set(routes)) < len(routes) or not all(str(name).isalpha() for name in routes):
        raise InputError(f"routes are {tuple(routes)} but must be one or more different names of letters only")
    build = _ChainBuilder(units, ChainSchedule(populations - 1), parameters or default_parameters(code), code)
    for route in routes:
        build.route(route)
    return build.circuit()


class _ChainBuilder(Builder):
    """Adds the routes of a chain, one after the other."""

    def __init__(self, units: int, schedule: ChainSchedule, parameters: Parameters, code: Code) -> None:
        super().__init__((units,), schedule, parameters, code)
        self.source("input", self.sizes[0], None)
        self.source("start", 1, None, schedule.length - 1)

    def route(self, route: str) -> None:
        """One chain; its source fires in phase 0, gate k of it in phase k, population k in phase k + 1."""
        gate, below = OPENS + route, "input"
        self.source(gate, 1, None)
        for k in range(self.schedule.depth + 1):
            name, phase = f"{route}{k}", k + 1
            self.add(name, self.sizes[0], "data", k, [phase])
            self.projections.append(Projection(gate, name, AllToAll(), 1, self.strength.half))
            self.unit_to_unit(below, name, 1, 1)
            self.lift(phase, name, LEVELLED[k % len(LEVELLED)], self.quantum, noise=f"{name}_")
            if k < self.schedule.depth:
                self.add(f"g{route}{phase}", 1, "gate", None, [phase])
                self.projections.append(Projection(gate, f"g{route}{phase}", OneToOne(), 1, self.strength.chain))
            gate, below = f"g{route}{phase}", name
